package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import java.time.Clock;
import java.util.List;

/** Makes due jobs available. */
public final class Staging {

    private static final String STAGE = """
            UPDATE ${schema}.oban_jobs SET state = 'available'
            WHERE id = ANY(ARRAY(
                SELECT id FROM ${schema}.oban_jobs
                WHERE state IN ('scheduled', 'retryable') AND scheduled_at <= ?
                ORDER BY scheduled_at, id
                LIMIT ?
                FOR UPDATE SKIP LOCKED))
            RETURNING queue""";

    private final Jdbc jdbc;
    private final Clock clock;
    private final String stage;

    public Staging(Jdbc jdbc, Prefix prefix, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.stage = prefix.in(STAGE);
    }

    /**
     * Moves scheduled and retryable jobs that are due, the longest due first.
     *
     * @param limit most jobs to move
     * @return the queue of each job moved
     */
    public List<String> stage(int limit) {
        return jdbc.query(stage, p -> p.time(clock.instant()).number(limit), row -> row.text());
    }
}
