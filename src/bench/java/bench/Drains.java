package bench;

import java.sql.Connection;
import java.sql.Statement;

/** How fast jobs that wait are got through: from the first start of a job to the last completion in the table. */
final class Drains {

    private final Rig rig;

    Drains(Rig rig) {
        this.rig = rig;
    }

    /** Nothing else is in the table. */
    Result empty() throws Exception {
        return noops("W3", Sizes.of("W3_N", 100_000));
    }

    /** The table holds a million other jobs. */
    Result beside(String state) throws Exception {
        return beside("W6-" + state, state, Sizes.of("SEED_N", 1_000_000), Sizes.of("W6_N", 50_000));
    }

    /** The table holds ten million completed jobs. */
    Result besideMany() throws Exception {
        return beside("W13", "completed", Sizes.of("W13_SEED", 10_000_000), Sizes.of("W13_N", 50_000));
    }

    private Result beside(String workload, String state, int rows, int count) throws Exception {
        rig.fresh();
        if (!new Ballast(rig).add(state, rows)) {
            return rig.result(workload).put("skipped", "rows not kept by this peer");
        }
        rig.peer().fill(0, count);
        return drain(workload, count, rig.peer()).put("ballast", (long) rows);
    }

    /** A transaction that began before the jobs were inserted keeps PostgreSQL from cleaning up behind them. */
    Result besideOpenTransaction() throws Exception {
        try (Connection connection = rig.database().connection();
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

    private Result noops(String workload, int count) throws Exception {
        rig.fresh();
        rig.peer().fill(0, count);
        return drain(workload, count, rig.peer());
    }

    /** Has what waits in the table run. */
    Result drain(String workload, int count, Switch workers) throws Exception {
        Sink sink = rig.sink();
        rig.database().run("ANALYZE", "CHECKPOINT");
        sink.reset(0);
        Proc.resetPeak();
        Cost before = rig.database().cost();
        long start = System.nanoTime();
        workers.start();
        long end = rig.awaitDone(count, Rig.cap());
        Cost after = rig.database().cost();
        long done = sink.performed();
        boolean capped = end == 0;
        double seconds = ((capped ? System.nanoTime() : end) - sink.first()) / 1e9;
        workers.stop();
        return rig.result(workload)
                .put("jobs_per_s", done / seconds)
                .put("jobs", done)
                .put("asked", (long) count)
                .put("capped", capped)
                .put("keeps", rig.peer().keeps())
                .put("start_to_first_ms", (sink.first() - start) / 1e6)
                .cost(before, after, done);
    }
}
