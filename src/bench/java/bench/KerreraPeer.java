package bench;

import dev.kerrera.JobService;
import dev.kerrera.job.NewJob;
import dev.kerrera.queue.QueueScope;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Kerrera as an application uses it. */
@Dependent
public class KerreraPeer implements Peer {

    private static final long STOP_SECONDS = 40;
    private static final int MANY = 2_000;

    @Inject
    private JobService jobs;

    @Inject
    @ConfigProperty(name = "kerrera.node")
    private String node;

    @Override
    public String name() {
        return "kerrera";
    }

    @Override
    public String version() {
        return Sizes.text("BENCH_VERSION", "unknown");
    }

    @Override
    public Map<String, String> configuration() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("limit", Integer.toString(Sizes.limit()));
        values.put("pool", Sizes.text("BENCH_POOL", "32"));
        return values;
    }

    @Override
    public String table() {
        return ObanTable.NAME;
    }

    @Override
    public String unfinished() {
        return ObanTable.UNFINISHED;
    }

    @Override
    public String keeps() {
        return Boolean.parseBoolean(Sizes.text("KERRERA_JOBS_DELETE_COMPLETED", "false"))
                ? "row deleted"
                : "row kept (completed)";
    }

    @Override
    public void insert(long id) {
        jobs.insert(Noop.class, new Payload(id));
    }

    @Override
    public void fill(long from, int count) {
        fill(from, count, id -> job(Noop.class, id));
    }

    void fill(long from, int count, LongFunction<NewJob> job) {
        Stream<NewJob> all = LongStream.range(from, from + count).mapToObj(job);
        if (count < MANY) {
            jobs.insertAll(all);
        } else {
            jobs.insertInBatches(all);
        }
    }

    static NewJob job(Class<?> worker, long id) {
        return NewJob.of(worker.getName(), new Payload(id));
    }

    @Override
    public String copies(String state, int from, int to) {
        return ObanTable.copies(state, from, to);
    }

    @Override
    public void start() {
        queues(List.of(Noop.QUEUE), Sizes.limit()).start();
    }

    @Override
    public void stop() throws InterruptedException {
        queues(List.of(Noop.QUEUE), Sizes.limit()).stop();
    }

    /** Queues of this node alone, that run so many jobs each. */
    Queues queues(List<String> names, int limit) {
        return new Queues(names, limit, QueueScope.onNode(node));
    }

    /** The queue of all nodes. */
    Queues everywhere() {
        return new Queues(List.of(Noop.QUEUE), Sizes.limit(), QueueScope.everywhere());
    }

    /** Queues that are started and stopped together. */
    final class Queues implements Switch {
        private final List<String> names;
        private final int limit;
        private final QueueScope scope;

        private Queues(List<String> names, int limit, QueueScope scope) {
            this.names = names;
            this.limit = limit;
            this.scope = scope;
        }

        @Override
        public void start() {
            names.forEach(name -> jobs.startQueue(name, limit, scope));
        }

        @Override
        public void stop() throws InterruptedException {
            names.forEach(name -> jobs.stopQueue(name, scope));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
            while (names.stream().anyMatch(name -> jobs.checkQueue(name).isPresent())) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("queues %s do not stop".formatted(names));
                }
                Thread.sleep(2);
            }
        }
    }
}
