package bench;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;

/** How fast a queue gets through what waits in it: from the first start of a job to the last completion in the table. */
@Dependent
public class Drains {

    private static final int MANY = 64;

    @Inject
    private Rig rig;

    @Inject
    private Sink sink;

    @Inject
    private Database database;

    @Inject
    private Ballast ballast;

    /** Nothing else is in the table. */
    Result empty() throws Exception {
        return noops("W3", Sizes.of("W3_N", 100_000));
    }

    /** The table holds a million other jobs. */
    Result beside(String state) throws Exception {
        int count = Sizes.of("W6_N", 50_000);
        rig.fresh();
        ballast.add(state, Sizes.of("SEED_N", 1_000_000));
        rig.fill(0, count);
        return drainNoops("W6-" + state, count);
    }

    /** The table holds ten million completed jobs. */
    Result besideMany() throws Exception {
        int rows = Sizes.of("W13_SEED", 10_000_000);
        int count = Sizes.of("W13_N", 50_000);
        rig.fresh();
        ballast.add("completed", rows);
        rig.fill(0, count);
        return drainNoops("W13", count).put("ballast", (long) rows);
    }

    /** A transaction that began before the jobs were inserted keeps PostgreSQL from cleaning up behind them. */
    Result besideOpenTransaction() throws Exception {
        try (Connection connection = database.connection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            try {
                statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
                statement.execute("SELECT pg_current_xact_id()");
                return noops("W9", Sizes.of("W9_N", 100_000));
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    /** The jobs are spread over many queues. */
    Result manyQueues() throws Exception {
        int count = Sizes.of("W10_N", 100_000);
        int limit = Sizes.of("W10_LIMIT", 10);
        List<String> queues =
                IntStream.range(0, MANY).mapToObj("bench%02d"::formatted).toList();
        rig.fresh();
        rig.fill(0, count, id -> Rig.job(Noop.class, id).queue(queues.get((int) (id % MANY))));
        return drain("W10", count, queues, limit).put("queues", (long) MANY).put("limit_each", (long) limit);
    }

    /** Each job writes a row, and is completed in the transaction that does. */
    Result exactlyOnce() throws Exception {
        int count = Sizes.of("W7_N", 20_000);
        rig.fresh();
        database.run(Entry.TABLE, "TRUNCATE bench_entries");
        rig.fill(0, count, id -> Rig.job(Entry.class, id));
        Result result = drain("W7", count, List.of(Entry.QUEUE), Sizes.of("W7_LIMIT", 16));
        return result.put("violations", violations());
    }

    /** Completed jobs without their row, rows without their completed job, and rows that are there twice. */
    private long violations() throws SQLException {
        return database.number("""
                SELECT count(*) FROM (
                    SELECT (args->>'id')::bigint AS id, count(*) AS times FROM public.oban_jobs
                    WHERE state = 'completed' GROUP BY 1) job
                FULL JOIN (SELECT id, count(*) AS times FROM bench_entries GROUP BY 1) entry USING (id)
                WHERE coalesce(job.times, 0) <> 1 OR coalesce(entry.times, 0) <> 1""");
    }

    private Result noops(String workload, int count) throws Exception {
        rig.fresh();
        rig.fill(0, count);
        return drainNoops(workload, count);
    }

    private Result drainNoops(String workload, int count) throws Exception {
        return drain(workload, count, List.of(Noop.QUEUE), Sizes.limit());
    }

    private Result drain(String workload, int count, List<String> queues, int limit) throws Exception {
        database.run("ANALYZE", "CHECKPOINT");
        sink.reset(0);
        Proc.resetPeak();
        Cost before = database.cost();
        long start = System.nanoTime();
        queues.forEach(queue -> rig.start(queue, limit));
        long end = rig.awaitDone(count, Rig.cap());
        Cost after = database.cost();
        long done = sink.performed();
        boolean capped = end == 0;
        double seconds = ((capped ? System.nanoTime() : end) - sink.first()) / 1e9;
        for (String queue : queues) {
            rig.stop(queue);
        }
        return new Result(workload)
                .put("jobs_per_s", done / seconds)
                .put("jobs", done)
                .put("asked", (long) count)
                .put("capped", capped)
                .put("keeps", "row kept (completed)")
                .put("start_to_first_ms", (sink.first() - start) / 1e6)
                .cost(before, after, done);
    }
}
