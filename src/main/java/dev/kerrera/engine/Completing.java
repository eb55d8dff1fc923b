package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.ResultSettings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Parameters;
import dev.kerrera.job.Job;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Completes many jobs by one statement, which costs little more than to complete one. Where completed jobs are not kept they are
 * deleted instead.
 */
public final class Completing {

    /**
     * Fenced like {@link Acknowledgement}. The rows are locked in the order of their ids, and none is waited for longer than a
     * moment: one that somebody holds must not hold up the others. The setting counts from the first lock on and ends with the
     * statement. The ids are handed over once more by themselves: a plan that only joins is made while the table is small, reads all
     * of it, and is kept when it has grown.
     */
    private static final String OF_RUNS = """
            unnest(?, ?, ?::timestamp[], ?::text[]) AS run (id, attempt, attempted_at, producer)
            WHERE (SELECT set_config('lock_timeout', '100ms', true)) IS NOT NULL AND ${durability}
                AND job.id = ANY(?) AND job.id = run.id AND\s""" + Fence.RUNNING + """
                 AND job.attempt = run.attempt
                AND job.attempted_by = ARRAY[?::text, run.producer] AND job.attempted_at = run.attempted_at
            RETURNING job.id""";

    private static final String COMPLETE_ALL =
            "UPDATE ${schema}.oban_jobs AS job SET state = 'completed', completed_at = ? FROM " + OF_RUNS;

    private static final String DELETE_ALL = "DELETE FROM ${schema}.oban_jobs AS job USING " + OF_RUNS;

    /** Also for this statement's transaction only. */
    private static final String NOT_DURABLE = "(SELECT set_config('synchronous_commit', 'off', true)) IS NOT NULL";

    private static final Comparator<Run> BY_ID =
            Comparator.comparingLong(run -> run.job().id());

    private final Jdbc jdbc;
    private final Clock clock;
    private final boolean delete;
    private final String sql;

    public Completing(Jdbc jdbc, Prefix prefix, Clock clock, ResultSettings results) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.delete = results.deleteCompleted();
        this.sql = prefix.in(delete ? DELETE_ALL : COMPLETE_ALL)
                .replace("${durability}", results.durable() ? "true" : NOT_DURABLE);
    }

    /**
     * A run that ended well.
     *
     * @param job the job as the owner fetched it
     */
    public record Run(Job job, Owner owner) {}

    /**
     * Completes the jobs of runs of one node, as far as they still belong to them.
     *
     * @return the ids of those that were completed
     * @throws dev.kerrera.db.DatabaseException when the server refuses it, cannot be reached, or somebody holds one of the rows; in
     *     the second case they may have been completed nevertheless, otherwise none is
     */
    public List<Long> completeAll(List<Run> runs) {
        List<Run> ordered = runs.stream().sorted(BY_ID).toList();
        return jdbc.query(sql, p -> bind(delete ? p : p.time(clock.instant()), ordered), row -> row.number());
    }

    private static void bind(Parameters parameters, List<Run> runs) throws SQLException {
        List<Long> ids = each(runs, run -> run.job().id());
        parameters
                .numbers(ids)
                .integers(runs.stream().mapToInt(run -> run.job().attempt()).toArray())
                .times(runs.stream().map(run -> run.job().attemptedAt()).toArray(Instant[]::new))
                .texts(each(runs, run -> run.owner().producer().toString()))
                .numbers(ids)
                .text(runs.get(0).owner().node());
    }

    private static <T> List<T> each(List<Run> runs, Function<Run, T> value) {
        return runs.stream().map(value).toList();
    }
}
