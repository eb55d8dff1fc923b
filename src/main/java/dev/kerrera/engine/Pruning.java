package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.JobState;
import java.time.Duration;
import java.util.Map;

/** Deletes jobs that ended long ago, the oldest first. Ages go by the moment of the end and the database's clock. */
public final class Pruning {

    private static final String OLD = "timezone('UTC', now()) - make_interval(secs => ?::double precision / 1000)";

    /** By the index of ended jobs of that state, in its order. */
    private static final String PRUNE = """
            DELETE FROM ${schema}.oban_jobs
            WHERE state = '${state}' AND id = ANY(ARRAY(
                SELECT id FROM ${schema}.oban_jobs
                WHERE state = '${state}' AND ${ended_at} <\s""" + OLD + """

                ORDER BY ${ended_at}
                LIMIT ?))""";

    /**
     * No index knows when jobs were completed. But none is completed before it was due, and the index of the queues has what was due,
     * for each queue and priority in order: so it is entered once for each of them.
     */
    private static final String PRUNE_COMPLETED = """
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
            )
            DELETE FROM ${schema}.oban_jobs
            WHERE state = 'completed' AND id = ANY(ARRAY(
                SELECT oldest.id FROM places, old, LATERAL (
                    SELECT j.id, j.scheduled_at FROM ${schema}.oban_jobs j
                    WHERE j.state = 'completed' AND j.queue = places.queue AND j.priority = places.priority
                      AND j.scheduled_at < old.moment AND j.completed_at < old.moment
                    ORDER BY j.scheduled_at, j.id LIMIT ?) oldest
                ORDER BY oldest.scheduled_at LIMIT ?))""";

    private final Jdbc jdbc;
    private final String pruneCompleted;
    private final Map<JobState, String> prune;

    public Pruning(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.pruneCompleted = prefix.in(PRUNE_COMPLETED);
        this.prune = Map.of(
                JobState.CANCELLED, prefix.in(of(JobState.CANCELLED, "cancelled_at")),
                JobState.DISCARDED, prefix.in(of(JobState.DISCARDED, "discarded_at")));
    }

    /**
     * Deletes jobs.
     *
     * @param state completed, cancelled or discarded
     * @param age how long ago they ended at least
     * @param limit most jobs to delete
     * @return how many were deleted
     */
    public int prune(JobState state, Duration age, int limit) {
        if (state == JobState.COMPLETED) {
            return jdbc.update(
                    pruneCompleted, p -> p.number(age.toMillis()).number(limit).number(limit));
        }
        String sql = prune.get(state);
        if (sql == null) {
            throw new IllegalArgumentException("state must be one of ended jobs, was " + state);
        }
        return jdbc.update(sql, p -> p.number(age.toMillis()).number(limit));
    }

    private static String of(JobState state, String endedAt) {
        return PRUNE.replace("${state}", state.label()).replace("${ended_at}", endedAt);
    }
}
