package bench;

import dev.kerrera.JobService;
import dev.kerrera.job.NewJob;
import dev.kerrera.queue.QueueScope;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What all workloads do: begin with an empty table, insert, start and stop queues, wait until all is done. */
@Dependent
public class Rig {

    private static final String UNFINISHED =
            "SELECT 1 FROM public.oban_jobs WHERE state IN ('available', 'executing') LIMIT 1";
    private static final long STOP_SECONDS = 40;

    @Inject
    private JobService jobs;

    @Inject
    private Sink sink;

    @Inject
    private Database database;

    @Inject
    @ConfigProperty(name = "kerrera.node")
    private String node;

    Result configuration() throws SQLException {
        Runtime runtime = Runtime.getRuntime();
        return new Result("CONFIG")
                .put("limit", Sizes.limit())
                .put("exact_limit", Sizes.of("W7_LIMIT", 16))
                .put("pool", Sizes.of("BENCH_POOL", 32))
                .put("heap_mb", runtime.maxMemory() >> 20)
                .put("jdk", System.getProperty("java.version"))
                .put("cpus", (long) runtime.availableProcessors())
                .put(
                        "shared_buffers_8k",
                        database.number("SELECT setting FROM pg_settings WHERE name = 'shared_buffers'"))
                .put("fsync", database.finds("SELECT 1 FROM pg_settings WHERE name = 'fsync' AND setting = 'on'"))
                .put(
                        "synchronous_commit",
                        database.finds(
                                "SELECT 1 FROM pg_settings WHERE name = 'synchronous_commit' AND setting = 'on'"));
    }

    /** Has the code compiled that everybody runs: 500 single inserts, some thousand at once, and their runs. */
    List<Result> warm() throws Exception {
        int many = Sizes.of("WARM_N", 5_000);
        truncate();
        sink.reset(0);
        for (int i = 0; i < 500; i++) {
            insert(5_000_000L + i);
        }
        fill(0, many);
        start(Noop.QUEUE, Sizes.limit());
        awaitDone(many + 500L, 60);
        stop(Noop.QUEUE);
        return List.of();
    }

    /** Begins a workload: nothing in the table, nothing left to write, and the machine as quiet as it gets. */
    void fresh() throws Exception {
        truncate();
        database.run("CHECKPOINT");
        awaitQuiet();
        sink.reset(0);
        Proc.resetPeak();
    }

    private void truncate() throws SQLException {
        database.run("TRUNCATE public.oban_jobs");
    }

    private static void awaitQuiet() throws InterruptedException {
        double most = Sizes.of("GATE_PCT", 20) / 100.0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Sizes.of("GATE_S", 30));
        int quiet = 0;
        while (quiet < 2 && System.nanoTime() < end) {
            double busy = Proc.busy();
            long since = System.nanoTime();
            Thread.sleep(700);
            double machine =
                    (System.nanoTime() - since) / 1e9 * Runtime.getRuntime().availableProcessors();
            quiet = (Proc.busy() - busy) / machine < most ? quiet + 1 : 0;
        }
    }

    void insert(long id) {
        jobs.insert(Noop.class, new Payload(id));
    }

    void fill(long from, int count) {
        fill(from, count, id -> job(Noop.class, id));
    }

    void fill(long from, int count, LongFunction<NewJob> job) {
        jobs.insertAll(LongStream.range(from, from + count).mapToObj(job));
    }

    static NewJob job(Class<?> worker, long id) {
        return NewJob.of(worker.getName(), new Payload(id));
    }

    /** Starts a queue of this node alone. */
    void start(String queue, int limit) {
        jobs.startQueue(queue, limit, QueueScope.onNode(node));
    }

    /** Stops a queue of this node, and waits until it is over. */
    void stop(String queue) throws InterruptedException {
        jobs.stopQueue(queue, QueueScope.onNode(node));
        awaitStopped(queue);
    }

    void awaitStopped(String queue) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        while (jobs.checkQueue(queue).isPresent()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("queue %s does not stop".formatted(queue));
            }
            Thread.sleep(2);
        }
    }

    /**
     * Waits until so many jobs have started and none is unfinished in the table.
     *
     * @return when that was, by {@code System.nanoTime}; 0 when it took too long
     */
    long awaitDone(long count, int seconds) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (sink.performed() < count && System.nanoTime() < end) {
            Thread.sleep(2);
        }
        return awaitTable(end);
    }

    /** Waits until no job is unfinished in the table; 0 when it took too long. */
    long awaitTable(long end) throws Exception {
        while (System.nanoTime() < end) {
            if (!database.finds(UNFINISHED)) {
                return System.nanoTime();
            }
            Thread.sleep(5);
        }
        return 0;
    }

    static long capFromNow() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(cap());
    }

    /** After how many seconds a drain is given up. */
    static int cap() {
        return Sizes.of("CAP_S", 90);
    }
}
