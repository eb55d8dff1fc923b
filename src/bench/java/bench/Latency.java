package bench;

import java.util.Random;
import java.util.stream.IntStream;

/** How soon a job starts that comes alone, about 20 of them in a second. */
final class Latency {

    private final Rig rig;
    private final Sink sink;

    Latency(Rig rig) {
        this.rig = rig;
        this.sink = rig.sink();
    }

    Result run() throws Exception {
        int count = Sizes.of("W4_N", 500);
        rig.fresh();
        rig.peer().start();
        Thread.sleep(2000);
        sink.reset(count);
        long[] called = new long[count];
        long[] returned = new long[count];
        Random random = new Random(42);
        Cost before = rig.database().cost();
        for (int id = 0; id < count; id++) {
            long next = System.nanoTime() + (30 + random.nextInt(41)) * 1_000_000L;
            called[id] = System.nanoTime();
            rig.peer().insert(id);
            returned[id] = System.nanoTime();
            while (System.nanoTime() < next) {
                Thread.sleep(1);
            }
        }
        rig.awaitDone(count, 35);
        Cost after = rig.database().cost();
        rig.peer().stop();
        int[] started =
                IntStream.range(0, count).filter(id -> sink.started(id) != 0).toArray();
        return rig.result("W4")
                .put("jobs", (long) started.length)
                .spread("commit_to_start", since(returned, started))
                .spread("call_to_start", since(called, started))
                .cost(before, after, started.length);
    }

    /** A job may start before its caller has been told that it is committed; that counts as at once. */
    private long[] since(long[] moments, int[] ids) {
        return IntStream.of(ids)
                .mapToLong(id -> Math.max(0, sink.started(id) - moments[id]))
                .toArray();
    }
}
