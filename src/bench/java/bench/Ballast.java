package bench;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.sql.SQLException;

/** Fills the table with copies of one real job that nobody is going to run. */
@Dependent
public class Ballast {

    private static final int AT_ONCE = 1_000_000;

    /** A completed job began before now, and a scheduled one begins in two days or later. */
    private static final String COPY = """
            INSERT INTO public.oban_jobs
                (state, queue, worker, args, meta, tags, errors, attempt, attempted_by, max_attempts, priority,
                inserted_at, scheduled_at, attempted_at, completed_at)
            SELECT '%1$s', queue, worker, args, meta, tags, errors, attempt, attempted_by, max_attempts, priority,
                inserted_at, %2$s, attempted_at, completed_at
            FROM (SELECT * FROM public.oban_jobs ORDER BY id LIMIT 1) job, generate_series(%3$d, %4$d) AS i""";

    @Inject
    private Rig rig;

    @Inject
    private Database database;

    void add(String state, int rows) throws Exception {
        rig.insert(-1);
        boolean completed = state.equals("completed");
        if (completed) {
            rig.start(Noop.QUEUE, Sizes.limit());
            rig.awaitDone(1, Rig.cap());
            rig.stop(Noop.QUEUE);
        }
        String time = completed
                ? "scheduled_at - i * interval '1 ms'"
                : "scheduled_at + interval '2 days' + i * interval '10 ms'";
        for (int from = 1; from <= rows; from += AT_ONCE) {
            copy(COPY.formatted(state, time, from, Math.min(rows, from + AT_ONCE - 1)));
        }
        if (!completed) {
            database.run("DELETE FROM public.oban_jobs WHERE state = 'available'");
        }
        database.run("VACUUM ANALYZE", "CHECKPOINT");
    }

    private void copy(String sql) throws SQLException {
        database.run(sql, "CHECKPOINT");
    }
}
