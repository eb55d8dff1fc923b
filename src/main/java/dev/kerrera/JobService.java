package dev.kerrera;

import dev.kerrera.job.InvalidJobException;
import dev.kerrera.job.Job;
import dev.kerrera.job.NewJob;
import dev.kerrera.worker.Worker;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Kerrera's front door: puts jobs in and publishes messages; Oban's {@code Oban} module.
 *
 * <p>Inject it into any CDI bean or EJB:
 *
 * <pre>{@code
 * @Stateless
 * public class OrderDesk {
 *     @PersistenceContext(unitName = "orders") EntityManager em;
 *     @Inject JobService jobs;
 *
 *     public void place(Order order) {
 *         em.persist(order);
 *         jobs.insert(SendReceipt.class, new Receipt(order.id()));
 *     }
 * }
 * }</pre>
 *
 * <p>Everything joins the JTA transaction of the caller: the order and its job are stored together or not at all, and queues hear
 * of the job only once it is committed. Without a transaction each call commits by itself. Thread-safe. Not to be implemented by
 * applications: it gains verbs with every release.
 */
public interface JobService {

    /**
     * Inserts a job.
     *
     * @param job the job; what it leaves open is taken from its worker where this application has it
     * @return the job as it is stored, with its id
     * @throws InvalidJobException when it cannot be stored as it is, naming every mistake; nothing was inserted
     */
    Job insert(NewJob job);

    /**
     * Inserts a job for a worker of this application.
     *
     * @param worker class of the worker
     * @param args what the worker is given, written by JSON-B
     * @return the job as it is stored, with its id
     * @throws InvalidJobException when it cannot be stored as it is, naming every mistake; nothing was inserted
     * @throws IllegalArgumentException when the class is not a worker of this application
     */
    default <A> Job insert(Class<? extends Worker<A>> worker, A args) {
        return insert(worker, args, UnaryOperator.identity());
    }

    /**
     * Inserts a job for a worker of this application with options, as in
     * {@code insert(SendReceipt.class, receipt, job -> job.in(Duration.ofMinutes(5)))}.
     *
     * @param worker class of the worker
     * @param args what the worker is given, written by JSON-B
     * @param options sets what differs from the worker's defaults
     * @return the job as it is stored, with its id
     * @throws InvalidJobException when it cannot be stored as it is, naming every mistake; nothing was inserted
     * @throws IllegalArgumentException when the class is not a worker of this application
     */
    <A> Job insert(Class<? extends Worker<A>> worker, A args, UnaryOperator<NewJob> options);

    /**
     * Publishes a message to all nodes, this one included, where observers of the channel hear it; Oban's
     * {@code Oban.Notifier.notify}. It goes out once the caller's transaction has committed, and never when it rolls back.
     *
     * @param channel name of the channel, such as {@code gossip}
     * @param payload the message; must be writable as a JSON object of less than 8,000 bytes after compression
     * @throws IllegalArgumentException when the message is too large, is no JSON object, or the channel's name too long
     */
    void publish(String channel, Map<String, ?> payload);
}
