package bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** How fast jobs go in while nothing runs them. */
final class Inserts {

    private static final long IDS_OF_A_CALLER = 10_000_000L;

    private final Rig rig;

    Inserts(Rig rig) {
        this.rig = rig;
    }

    /** Inserts the job of that id. */
    @FunctionalInterface
    interface Insert {
        void insert(long id) throws Exception;
    }

    /** Inserts so many jobs with ids from that one on. */
    @FunctionalInterface
    interface Fill {
        void fill(long from, int count) throws Exception;
    }

    /** One job at a time, each committing by itself. */
    List<Result> alone() throws Exception {
        return byOneAndEight("W1", rig.peer()::insert);
    }

    /** Many jobs by one call, and half as many by each of two. */
    List<Result> bulk() throws Exception {
        return List.of(bulk("W2", 1, rig.peer()::fill), bulk("W2x2", 2, rig.peer()::fill));
    }

    Result bulk(String workload, int callers, Fill fill) throws Exception {
        int share = Sizes.of("W2_N", 100_000) / callers;
        int count = share * callers;
        rig.fresh();
        Cost before = rig.database().cost();
        long start = System.nanoTime();
        Callers.once(rig.threads(), callers, caller -> fill.fill(caller * share, share));
        double seconds = (System.nanoTime() - start) / 1e9;
        Cost after = rig.database().cost();
        return rig.result(workload)
                .put("jobs_per_s", count / seconds)
                .put("jobs", (long) count)
                .put("threads", (long) callers)
                .put("seconds", seconds)
                .cost(before, after, count);
    }

    /** By one caller and by eight, each job once. */
    List<Result> byOneAndEight(String workload, Insert insert) throws Exception {
        List<Result> results = new ArrayList<>();
        for (int callers : new int[] {1, 8}) {
            rig.fresh();
            results.add(singles(workload, callers, (caller, time) -> insert.insert(caller * IDS_OF_A_CALLER + time)));
        }
        return results;
    }

    /** By so many callers, beside what is in the table. */
    Result singles(String workload, int callers, Callers.Call call) throws Exception {
        AtomicLong inserted = new AtomicLong();
        Callers running = Callers.start(rig.threads(), callers, (caller, time) -> {
            call.run(caller, time);
            inserted.incrementAndGet();
        });
        Thread.sleep(500);
        Cost before = rig.database().cost();
        long first = inserted.get();
        Thread.sleep(Sizes.of("W1_S", 4) * 1000L);
        long count = inserted.get() - first;
        Cost after = rig.database().cost();
        running.stop();
        return rig.result(workload + "x" + callers)
                .put("jobs_per_s", count / after.secondsSince(before))
                .put("threads", (long) callers)
                .put("jobs", count)
                .cost(before, after, count);
    }
}
