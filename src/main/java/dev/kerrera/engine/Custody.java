package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.Job;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells which running jobs are no longer their runs' to finish: cancelled, rescued, or fetched again by somebody else. */
public final class Custody {

    private static final String HELD = """
            SELECT id, attempted_at FROM ${schema}.oban_jobs
            WHERE id = ANY(?) AND state = 'executing' AND attempted_at IS NOT NULL""";

    private final Jdbc jdbc;
    private final String heldSql;

    public Custody(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.heldSql = prefix.in(HELD);
    }

    /** Those of the jobs, given as they were fetched, that the table has taken away from their runs. */
    public List<Job> lost(Collection<Job> running) {
        Map<Long, Instant> held = jdbc
                .query(
                        heldSql,
                        p -> p.numbers(running.stream().map(Job::id).toList()),
                        row -> Map.entry(row.number(), row.time()))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return running.stream()
                .filter(job -> {
                    Instant since = held.get(job.id());
                    return since == null || !since.equals(job.attemptedAt());
                })
                .toList();
    }
}
