package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.JobState;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Deletes jobs that ended long ago, the oldest first. Ages go by the moment of the end and the database's clock. Rows that another
 * transaction holds are passed over.
 */
public final class Pruning {

    private static final String OLD = "timezone('UTC', now()) - make_interval(secs => ?::double precision / 1000)";

    /** By the index of ended jobs of that state, in its order. */
    private static final String OLDEST = """
            SELECT id FROM ${schema}.oban_jobs
            WHERE state = '${state}' AND ${ended_at} <\s""" + OLD + """
             AND NOT id = ANY(?)
            ORDER BY ${ended_at}
            LIMIT ?
            FOR UPDATE SKIP LOCKED""";

    /**
     * No index knows when jobs were completed. But none is completed before it was due, and the index of the queues has what was due,
     * for each queue and priority in order: so it is entered once for each of them. Then the oldest are locked one by one.
     */
    private static final String OLDEST_COMPLETED = """
            WITH RECURSIVE old AS (
                SELECT\s""" + OLD + """
             AS moment
            ), places AS (
                (SELECT queue, priority FROM ${schema}.oban_jobs
                 WHERE state = 'completed' ORDER BY queue, priority LIMIT 1)
                UNION ALL
                SELECT next.queue, next.priority FROM places, LATERAL (
                    SELECT j.queue, j.priority FROM ${schema}.oban_jobs j
                    WHERE j.state = 'completed' AND (j.queue, j.priority) > (places.queue, places.priority)
                    ORDER BY j.queue, j.priority LIMIT 1) next
            ), ended AS (
                SELECT oldest.place FROM places, old, LATERAL (
                    SELECT j.id, j.scheduled_at, j.ctid AS place FROM ${schema}.oban_jobs j
                    WHERE j.state = 'completed' AND j.queue = places.queue AND j.priority = places.priority
                      AND j.scheduled_at < old.moment AND j.completed_at < old.moment AND NOT j.id = ANY(?)
                    ORDER BY j.scheduled_at, j.id LIMIT ?) oldest
                ORDER BY oldest.scheduled_at
            )
            SELECT free.id FROM ended, LATERAL (
                SELECT j.id FROM ${schema}.oban_jobs j
                WHERE j.ctid = ended.place AND j.state = 'completed'
                FOR UPDATE SKIP LOCKED) free
            LIMIT ?""";

    private static final String THESE = """
            SELECT id FROM ${schema}.oban_jobs
            WHERE state = '${state}' AND ${ended_at} <\s""" + OLD + """
             AND id = ANY(?)
            FOR UPDATE SKIP LOCKED""";

    private static final String DELETE =
            "DELETE FROM ${schema}.oban_jobs WHERE state = '${state}' AND id = ANY(ARRAY(\n${found}))";

    private final Jdbc jdbc;
    private final ByIndex byIndex;
    private final Map<JobState, Statements> statements;

    public Pruning(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.byIndex = new ByIndex(jdbc);
        this.statements = Map.of(
                JobState.COMPLETED, Statements.of(prefix, JobState.COMPLETED, OLDEST_COMPLETED),
                JobState.CANCELLED, Statements.of(prefix, JobState.CANCELLED, OLDEST),
                JobState.DISCARDED, Statements.of(prefix, JobState.DISCARDED, OLDEST));
    }

    /** @param eachPlace whether the limit is given for each place too */
    private record Statements(String oldest, String delete, String deleteThese, boolean eachPlace) {

        static Statements of(Prefix prefix, JobState state, String oldest) {
            return new Statements(
                    in(prefix, state, oldest),
                    in(prefix, state, DELETE.replace("${found}", oldest)),
                    in(prefix, state, DELETE.replace("${found}", THESE)),
                    state == JobState.COMPLETED);
        }

        private static String in(Prefix prefix, JobState state, String sql) {
            String label = state.label();
            return prefix.in(sql.replace("${state}", label).replace("${ended_at}", label + "_at"));
        }
    }

    /**
     * The deletion of jobs, which tells how many were deleted.
     *
     * @param state completed, cancelled or discarded
     * @param age how long ago they ended at least
     * @param limit most jobs to delete
     */
    public Batch<Integer> of(JobState state, Duration age, int limit) {
        Statements sql = statements.get(state);
        if (sql == null) {
            throw new IllegalArgumentException("state must be one of ended jobs, was " + state);
        }
        return new Ended(jdbc, byIndex, sql, age, limit);
    }

    private record Ended(Jdbc jdbc, ByIndex byIndex, Statements sql, Duration age, int limit)
            implements Batch<Integer> {

        @Override
        public Integer run(Collection<Long> except) {
            return byIndex.run(() -> jdbc.update(sql.delete(), oldest(except)));
        }

        @Override
        public List<Long> find(Collection<Long> except) {
            return byIndex.run(() -> jdbc.query(sql.oldest(), oldest(except), row -> row.number()));
        }

        @Override
        public Integer runFor(Collection<Long> ids) {
            return jdbc.update(sql.deleteThese(), p -> p.number(age.toMillis()).numbers(ids));
        }

        private Jdbc.Binder oldest(Collection<Long> except) {
            return p -> {
                p.number(age.toMillis()).numbers(except).number(limit);
                if (sql.eachPlace()) {
                    p.number(limit);
                }
            };
        }
    }
}
