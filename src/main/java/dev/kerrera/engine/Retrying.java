package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.JobFilter;
import java.time.Clock;
import java.util.List;

/** Makes jobs available again, whatever became of them. */
public final class Retrying {

    /** Locks in the order of the ids, so that two such statements never wait for each other. */
    private static final String RETRY = """
            WITH found AS (
                SELECT id AS found_id FROM ${schema}.oban_jobs
                WHERE state NOT IN ('available', 'executing') AND ${filter}
                ORDER BY id
                FOR UPDATE),
            retried AS (
                UPDATE ${schema}.oban_jobs
                SET state = 'available', max_attempts = greatest(max_attempts, attempt + 1), scheduled_at = ?,
                    completed_at = NULL, cancelled_at = NULL, discarded_at = NULL, meta = ${survived}
                FROM found WHERE id = found_id
                RETURNING queue)
            SELECT count(*), queue FROM retried GROUP BY queue""";

    private final Jdbc jdbc;
    private final Prefix prefix;
    private final Clock clock;

    public Retrying(Jdbc jdbc, Prefix prefix, Clock clock) {
        this.jdbc = jdbc;
        this.prefix = prefix;
        this.clock = clock;
    }

    /** Makes those available that match and neither are nor execute, with an attempt left at least. */
    public Touched retry(JobFilter filter) {
        Fragment condition = FilterSql.of(filter);
        return Touched.sum(jdbc.query(
                prefix.in(RETRY.replace("${survived}", Rescuing.SURVIVED).replace("${filter}", condition.sql())),
                p -> {
                    condition.values().bind(p);
                    p.time(clock.instant());
                },
                row -> new Touched(row.number(), List.of(row.text()))));
    }
}
