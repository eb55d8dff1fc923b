package bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.kerrera.db.migration.Migrator;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/**
 * What the same table allows: no more than the statements, batched at both ends, one connection that fetches and one that
 * acknowledges. No product: no retries, no rescue, no uniqueness, no events.
 */
final class JdbcRival implements Peer {

    private static final int ROOM = 2_000;
    private static final int BATCH = 500;
    private static final int CHUNK = 5_000;
    private static final int COPIERS = 2;

    private static final String INSERT = """
            INSERT INTO public.oban_jobs (state, queue, worker, args, meta, tags, max_attempts, priority)
            VALUES ('available', 'bench', 'bench.Noop', ?::jsonb, '{}', '{}', 20, 0)
            RETURNING id""";

    private static final String COPY =
            "COPY public.oban_jobs (queue, worker, args, meta, tags, max_attempts, priority) FROM STDIN";

    private static final String FETCH = """
            UPDATE public.oban_jobs
            SET state = 'executing', attempted_by = '{jdbc}', attempt = attempt + 1, attempted_at = timezone('UTC', now())
            WHERE id = ANY(ARRAY(
                SELECT id FROM public.oban_jobs
                WHERE state = 'available' AND queue = 'bench' AND attempt < max_attempts
                ORDER BY priority, scheduled_at, id
                LIMIT ?
                FOR UPDATE SKIP LOCKED))
            RETURNING id, args""";

    private static final String COMPLETE = """
            UPDATE public.oban_jobs SET state = 'completed', completed_at = timezone('UTC', now()) WHERE id = ANY(?)""";

    private final Sink sink;
    private final HikariDataSource dataSource = Rivals.pool(12);
    private final ExecutorService copiers = Executors.newFixedThreadPool(COPIERS);
    private volatile Run run;

    JdbcRival(Sink sink) throws Exception {
        this.sink = sink;
        Rivals.run(dataSource, Migrator.script("public"));
    }

    @Override
    public String name() {
        return "jdbc";
    }

    @Override
    public String version() {
        return "0";
    }

    @Override
    public Map<String, String> configuration() {
        return Map.of("room", "" + ROOM, "batch", "" + BATCH, "bulk", "copy over 2 connections");
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
        return "row kept (completed)";
    }

    @Override
    public String copies(String state, int from, int to) {
        return ObanTable.copies(state, from, to);
    }

    @Override
    public void insert(long id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, "{\"id\":" + id + "}");
            insert.executeQuery().close();
        }
        inserted();
    }

    @Override
    public void fill(long from, int count) throws Exception {
        List<Future<?>> chunks = new ArrayList<>();
        for (long next = from; next < from + count; next += CHUNK) {
            long first = next;
            int size = (int) Math.min(CHUNK, from + count - next);
            if (count <= CHUNK) {
                copy(first, size);
            } else {
                chunks.add(copiers.submit(() -> {
                    copy(first, size);
                    return null;
                }));
            }
        }
        for (Future<?> chunk : chunks) {
            chunk.get();
        }
        inserted();
    }

    private void copy(long from, int count) throws Exception {
        StringBuilder rows = new StringBuilder(count * 64);
        for (long id = from; id < from + count; id++) {
            rows.append("bench\tbench.Noop\t{\"id\":").append(id).append("}\t{}\t{}\t20\t0\n");
        }
        try (Connection connection = dataSource.getConnection()) {
            new CopyManager(connection.unwrap(BaseConnection.class))
                    .copyIn(COPY, new ByteArrayInputStream(rows.toString().getBytes(StandardCharsets.UTF_8)));
        }
    }

    private void inserted() {
        Run running = run;
        if (running != null) {
            running.wake();
        }
    }

    @Override
    public void start() {
        run = new Run();
    }

    @Override
    public void stop() throws Exception {
        Run ending = run;
        run = null;
        ending.stop();
    }

    private record Fetched(long id, String args) {}

    /** From a start to a stop. */
    private final class Run {
        private final AtomicInteger inHand = new AtomicInteger();
        private final AtomicInteger wakes = new AtomicInteger();
        private final LinkedBlockingQueue<Long> done = new LinkedBlockingQueue<>();
        private final ExecutorService workers = Executors.newFixedThreadPool(4);
        private final Thread fetcher = new Thread(() -> unattended(this::fetch), "fetch");
        private final Thread completer = new Thread(() -> unattended(this::complete), "complete");
        private volatile boolean stopping;

        Run() {
            fetcher.start();
            completer.start();
        }

        void wake() {
            wakes.incrementAndGet();
            LockSupport.unpark(fetcher);
        }

        private void fetch(Connection connection) throws SQLException {
            try (PreparedStatement fetch = connection.prepareStatement(FETCH)) {
                while (!stopping) {
                    int before = wakes.get();
                    int room = ROOM - inHand.get();
                    if (room < BATCH) {
                        LockSupport.parkNanos(200_000);
                        continue;
                    }
                    List<Fetched> jobs = fetch(fetch);
                    inHand.addAndGet(jobs.size());
                    jobs.forEach(job -> workers.execute(() -> perform(job)));
                    if (jobs.size() < BATCH && wakes.get() == before) {
                        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                    }
                }
            }
        }

        private List<Fetched> fetch(PreparedStatement fetch) throws SQLException {
            fetch.setInt(1, BATCH);
            List<Fetched> jobs = new ArrayList<>();
            try (ResultSet rows = fetch.executeQuery()) {
                while (rows.next()) {
                    jobs.add(new Fetched(rows.getLong(1), rows.getString(2)));
                }
            }
            return jobs;
        }

        private void perform(Fetched job) {
            try (JsonReader reader = Json.createReader(new StringReader(job.args()))) {
                sink.perform(reader.readObject().getJsonNumber("id").longValue());
            }
            done.add(job.id());
        }

        private void complete(Connection connection) throws Exception {
            try (PreparedStatement complete = connection.prepareStatement(COMPLETE)) {
                List<Long> ids = new ArrayList<>();
                while (!stopping || inHand.get() > 0) {
                    Long first = done.poll(1, TimeUnit.MILLISECONDS);
                    if (first == null) {
                        continue;
                    }
                    ids.add(first);
                    done.drainTo(ids, 999);
                    complete.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
                    complete.executeUpdate();
                    inHand.addAndGet(-ids.size());
                    ids.clear();
                    LockSupport.unpark(fetcher);
                }
            }
        }

        private void unattended(Loop loop) {
            try (Connection connection = dataSource.getConnection()) {
                Rivals.forceGenericPlan(connection);
                loop.run(connection);
            } catch (Exception failure) {
                failure.printStackTrace();
            }
        }

        void stop() throws InterruptedException {
            stopping = true;
            LockSupport.unpark(fetcher);
            fetcher.join();
            completer.join();
            workers.shutdown();
        }
    }

    @FunctionalInterface
    private interface Loop {
        void run(Connection connection) throws Exception;
    }
}
