package demo;

import dev.kerrera.JobService;
import dev.kerrera.job.Job;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.Objects;
import java.util.Optional;

/** Takes orders. Every method is one JTA transaction: the order and its receipt job are stored together or not at all. */
@Stateless
public class OrderDesk {

    @PersistenceContext(unitName = "orders")
    private EntityManager em;

    @Inject
    private JobService jobs;

    /** Stores an order and has its receipt sent; when told to fail, neither remains. */
    public PlacedOrder place(Order order, boolean fail) {
        em.persist(order);
        em.flush();
        long id = Objects.requireNonNull(order.id);
        Job job = jobs.insert(SendReceipt.class, new Receipt(id, order.customer, order.total));
        order.receiptJob = job.id();
        if (fail) {
            throw new OrderRefusedException(id, job.id());
        }
        return new PlacedOrder(id, job.id());
    }

    /** An order, if it exists. */
    public Optional<Order> order(long id) {
        return Optional.ofNullable(em.find(Order.class, id));
    }

    /** A job, if it exists. */
    public Optional<Job> job(long id) {
        return Optional.ofNullable(em.find(Job.class, id));
    }
}
