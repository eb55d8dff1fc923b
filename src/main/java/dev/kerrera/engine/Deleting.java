package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.JobFilter;

/** Removes jobs from the table. */
public final class Deleting {

    /** Locks in the order of the ids, so that two such statements never wait for each other. */
    private static final String DELETE = """
            WITH found AS (
                SELECT id AS found_id FROM ${schema}.oban_jobs
                WHERE state <> 'executing' AND ${filter}
                ORDER BY id
                FOR UPDATE)
            DELETE FROM ${schema}.oban_jobs USING found WHERE id = found_id""";

    private final Jdbc jdbc;
    private final Prefix prefix;

    public Deleting(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.prefix = prefix;
    }

    /**
     * Removes those that match and do not execute.
     *
     * @return how many
     */
    public long delete(JobFilter filter) {
        Fragment condition = FilterSql.of(filter);
        return jdbc.update(prefix.in(DELETE.replace("${filter}", condition.sql())), condition.values());
    }
}
