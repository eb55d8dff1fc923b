package bench;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/** How many jobs go in and through at the same time. Callers are held back when too many wait. */
final class Steady {

    /** No more jobs than that in a second find room for their times. */
    private static final int MOST_PER_SECOND = 60_000;

    private final Rig rig;
    private final Sink sink;

    Steady(Rig rig) {
        this.rig = rig;
        this.sink = rig.sink();
    }

    Result singly() throws Exception {
        return run("W5", 4, 1, Sizes.of("W5_CAP", 1_000));
    }

    Result inBatches() throws Exception {
        return run("W5B", 2, 100, Sizes.of("W5_CAP", 4_000));
    }

    private Result run(String workload, int callers, int batch, int cap) throws Exception {
        int seconds = Sizes.of("W5_S", 20);
        rig.fresh();
        rig.peer().start();
        Thread.sleep(1000);
        AtomicLongArray committed = new AtomicLongArray((seconds + 4) * MOST_PER_SECOND);
        sink.reset(committed.length());
        AtomicInteger ids = new AtomicInteger();
        AtomicLong inserted = new AtomicLong();
        Callers running = Callers.start(rig.threads(), callers, (caller, time) -> {
            if (inserted.get() - sink.performed() > cap) {
                Thread.sleep(1);
                return;
            }
            int from = ids.getAndAdd(batch);
            insert(from, batch);
            long now = System.nanoTime();
            for (int id = from; id < from + batch; id++) {
                committed.set(id, now);
            }
            inserted.addAndGet(batch);
        });
        Thread.sleep(2000);
        Cost before = rig.database().cost();
        long first = sink.performed();
        Thread.sleep(seconds * 1000L);
        long done = sink.performed() - first;
        Cost after = rig.database().cost();
        running.stop();
        long waiting = inserted.get() - sink.performed();
        rig.awaitDone(inserted.get(), 30);
        rig.peer().stop();
        long[] delays = IntStream.range(0, ids.get())
                .filter(id -> committed.get(id) != 0)
                .filter(id -> sink.started(id) >= before.nanos() && sink.started(id) <= after.nanos())
                .mapToLong(id -> Math.max(0, sink.started(id) - committed.get(id)))
                .toArray();
        return rig.result(workload)
                .put("jobs_per_s", done / after.secondsSince(before))
                .put("producers", (long) callers)
                .put("batch", (long) batch)
                .put("backlog_cap", (long) cap)
                .put("backlog_at_end", waiting)
                .spread("commit_to_start", delays)
                .cost(before, after, done);
    }

    private void insert(int from, int batch) throws Exception {
        if (batch == 1) {
            rig.peer().insert(from);
        } else {
            rig.peer().fill(from, batch);
        }
    }
}
