package dev.kerrera.liberty.probe;

import demo.Order;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.naming.InitialContext;
import javax.sql.DataSource;

/** A worker that uses what a Jakarta EE component uses, in a transaction of its own. */
@Work(name = "test.LookAround")
public class LookAround implements Worker<LookAround.Args> {

    public record Args(String customer, boolean fail) {}

    private static final AtomicInteger DESTROYED = new AtomicInteger();

    @PersistenceContext(unitName = "orders")
    private EntityManager em;

    @Inject
    private RequestBean request;

    @Override
    @Transactional
    public Outcome perform(Args args, JobContext job) throws Exception {
        em.persist(new Order(args.customer(), BigDecimal.ONE));
        DataSource named = InitialContext.doLookup("jdbc/kerrera");
        Surroundings.report(
                job.id(),
                Map.of(
                        "request", String.valueOf(request.call()),
                        "named", String.valueOf(named != null),
                        "virtual", String.valueOf(isVirtual())));
        if (args.fail()) {
            throw new IllegalArgumentException("asked to fail after writing");
        }
        return Outcome.ok();
    }

    @PreDestroy
    void destroyed() {
        DESTROYED.incrementAndGet();
    }

    public static int destroyedBeans() {
        return DESTROYED.get();
    }

    private static boolean isVirtual() throws ReflectiveOperationException {
        return Runtime.version().feature() >= 21
                && (boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
    }
}
