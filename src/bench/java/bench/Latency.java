package bench;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.Random;
import java.util.stream.IntStream;

/** How soon a job starts that comes alone, about 20 of them in a second. */
@Dependent
public class Latency {

    @Inject
    private Rig rig;

    @Inject
    private Sink sink;

    @Inject
    private Database database;

    Result run() throws Exception {
        int count = Sizes.of("W4_N", 500);
        rig.fresh();
        rig.start(Noop.QUEUE, Sizes.limit());
        Thread.sleep(2000);
        sink.reset(count);
        long[] called = new long[count];
        long[] returned = new long[count];
        Random random = new Random(42);
        Cost before = database.cost();
        for (int id = 0; id < count; id++) {
            long next = System.nanoTime() + (30 + random.nextInt(41)) * 1_000_000L;
            called[id] = System.nanoTime();
            rig.insert(id);
            returned[id] = System.nanoTime();
            while (System.nanoTime() < next) {
                Thread.sleep(1);
            }
        }
        rig.awaitDone(count, 35);
        Cost after = database.cost();
        rig.stop(Noop.QUEUE);
        int[] started =
                IntStream.range(0, count).filter(id -> sink.started(id) != 0).toArray();
        return new Result("W4")
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
