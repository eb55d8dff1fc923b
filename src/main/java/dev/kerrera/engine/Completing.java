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

    /** Fenced like {@link Acknowledgement}. */
    private static final String COMPLETE_ALL = """
            SELECT id FROM ${schema}.kerrera_complete(?, ?, ?::timestamp[], ?::text[], ?, ?, ?) AS id
            WHERE ${durability}""";

    /** For this statement's transaction only. */
    private static final String NOT_DURABLE = "(SELECT set_config('synchronous_commit', 'off', true)) IS NOT NULL";

    /** The order in which their rows are locked. */
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
        this.sql = prefix.in(COMPLETE_ALL).replace("${durability}", results.durable() ? "true" : NOT_DURABLE);
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
        return jdbc.query(sql, p -> bind(p, ordered), row -> row.number());
    }

    private void bind(Parameters parameters, List<Run> runs) throws SQLException {
        parameters
                .numbers(each(runs, run -> run.job().id()))
                .integers(runs.stream().mapToInt(run -> run.job().attempt()).toArray())
                .times(runs.stream().map(run -> run.job().attemptedAt()).toArray(Instant[]::new))
                .texts(each(runs, run -> run.owner().producer().toString()))
                .text(runs.get(0).owner().node())
                .time(clock.instant())
                .flag(delete);
    }

    private static <T> List<T> each(List<Run> runs, Function<Run, T> value) {
        return runs.stream().map(value).toList();
    }
}
