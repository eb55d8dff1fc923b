package bench;

import dev.kerrera.JobService;
import dev.kerrera.job.Unique;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** How fast jobs go in while no queue runs. */
@Dependent
public class Inserts {

    private static final long IDS_OF_A_CALLER = 10_000_000L;
    private static final int TWINS = 1_000;
    private static final Unique ONCE = Unique.within(Duration.ofMinutes(10));

    @Inject
    private JobService jobs;

    @Inject
    private Rig rig;

    @Inject
    private Database database;

    @Inject
    private UserTransaction transaction;

    @Resource(lookup = "java:comp/DefaultManagedThreadFactory")
    private ManagedThreadFactory threads;

    /** One job at a time, each committing by itself. */
    List<Result> alone() throws Exception {
        return byOneAndEight("W1", (caller, time) -> rig.insert(caller * IDS_OF_A_CALLER + time));
    }

    /** One job for each transaction of the caller's. */
    List<Result> inTransaction() throws Exception {
        return byOneAndEight("W1T", (caller, time) -> {
            transaction.begin();
            rig.insert(caller * IDS_OF_A_CALLER + time);
            transaction.commit();
        });
    }

    /** Unique jobs: none is there already, and then every one is. */
    List<Result> unique() throws Exception {
        List<Result> results = byOneAndEight("W12", (caller, time) -> insertOnce(caller * IDS_OF_A_CALLER + time));
        results.add(conflicts(1));
        results.add(conflicts(8));
        return results;
    }

    private Result conflicts(int callers) throws Exception {
        rig.fresh();
        rig.fill(0, TWINS);
        return singles("W12C", callers, (caller, time) -> insertOnce(time % TWINS));
    }

    private void insertOnce(long id) {
        jobs.insert(Noop.class, new Payload(id), job -> job.unique(ONCE));
    }

    /** Many jobs by one call. */
    Result bulk() throws Exception {
        int count = Sizes.of("W2_N", 100_000);
        rig.fresh();
        Cost before = database.cost();
        long start = System.nanoTime();
        rig.fill(0, count);
        double seconds = (System.nanoTime() - start) / 1e9;
        Cost after = database.cost();
        return new Result("W2")
                .put("jobs_per_s", count / seconds)
                .put("jobs", (long) count)
                .put("seconds", seconds)
                .cost(before, after, count);
    }

    private List<Result> byOneAndEight(String workload, Callers.Call call) throws Exception {
        List<Result> results = new ArrayList<>();
        for (int callers : new int[] {1, 8}) {
            rig.fresh();
            results.add(singles(workload, callers, call));
        }
        return results;
    }

    private Result singles(String workload, int callers, Callers.Call call) throws Exception {
        AtomicLong inserted = new AtomicLong();
        Callers running = Callers.start(threads, callers, (caller, time) -> {
            call.run(caller, time);
            inserted.incrementAndGet();
        });
        Thread.sleep(500);
        Cost before = database.cost();
        long first = inserted.get();
        Thread.sleep(Sizes.of("W1_S", 4) * 1000L);
        long count = inserted.get() - first;
        Cost after = database.cost();
        running.stop();
        return new Result(workload + "x" + callers)
                .put("jobs_per_s", count / after.secondsSince(before))
                .put("threads", (long) callers)
                .put("jobs", count)
                .cost(before, after, count);
    }
}
