package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Row;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobChanges;
import dev.kerrera.job.JobFilter;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Changes jobs in place. */
public final class Updating {

    private static final String LOCK =
            "SELECT " + JobRows.COLUMNS + " FROM ${schema}.oban_jobs WHERE id = ? FOR UPDATE";

    private static final String UPDATE_ONE =
            "UPDATE ${schema}.oban_jobs SET ${changes} WHERE id = ? RETURNING " + JobRows.COLUMNS;

    /** Locks in the order of the ids, so that two such statements never wait for each other. */
    private static final String UPDATE = """
            WITH found AS (
                SELECT id AS found_id FROM ${schema}.oban_jobs
                WHERE ${filter}
                ORDER BY id
                FOR UPDATE),
            updated AS (
                UPDATE ${schema}.oban_jobs SET ${changes}
                FROM found WHERE id = found_id
                RETURNING queue, state = 'available' AS is_available)
            SELECT count(*), is_available, queue FROM updated GROUP BY queue, is_available""";

    private final Jdbc jdbc;
    private final Prefix prefix;
    private final Clock clock;

    public Updating(Jdbc jdbc, Prefix prefix, Clock clock) {
        this.jdbc = jdbc;
        this.prefix = prefix;
        this.clock = clock;
    }

    /**
     * Changes one job.
     *
     * @return the job as it is now; empty when there is none
     */
    public Optional<Job> update(long id, JobChanges changes) {
        Fragment columns = RevisionSql.of(changes.resolve(clock));
        return jdbc
                .query(
                        prefix.in(UPDATE_ONE.replace("${changes}", columns.sql())),
                        p -> {
                            columns.values().bind(p);
                            p.number(id);
                        },
                        JobRows::map)
                .stream()
                .findFirst();
    }

    /**
     * Changes one job as the function says, which sees the job as it is; nobody else changes it meanwhile.
     *
     * @return the job as it is now; empty when there is none
     */
    public Optional<Job> update(long id, Function<? super Job, JobChanges> changes) {
        return jdbc.together(() -> jdbc.query(prefix.in(LOCK), p -> p.number(id), JobRows::map).stream()
                .findFirst()
                .flatMap(job -> update(job, changes.apply(job))));
    }

    /** Changes those that match, whatever their states. */
    public Touched update(JobFilter filter, JobChanges changes) {
        Fragment condition = FilterSql.of(filter);
        Fragment columns = RevisionSql.of(changes.resolve(clock));
        String update = UPDATE.replace("${filter}", condition.sql()).replace("${changes}", columns.sql());
        return Touched.sum(jdbc.query(
                prefix.in(update),
                p -> {
                    condition.values().bind(p);
                    columns.values().bind(p);
                },
                Updating::read));
    }

    private Optional<Job> update(Job job, JobChanges changes) {
        return changes.isEmpty() ? Optional.of(job) : update(job.id(), changes);
    }

    private static Touched read(Row row) throws SQLException {
        long jobs = row.number();
        return new Touched(jobs, row.flag() ? List.of(row.text()) : List.of());
    }
}
