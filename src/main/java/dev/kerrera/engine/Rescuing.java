package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.ErrorText;
import dev.kerrera.job.JobState;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Takes back jobs whose owner is dead: a producer that kept a heartbeat and keeps it no more.
 *
 * <p>A death uses up the attempt, as it always has in Oban, and is counted in {@code meta.deaths}. A job with attempts left goes back to
 * its queue; one without, or one that has outlived its share of owners, is discarded.
 */
public final class Rescuing {

    private static final String RESCUE = """
            WITH dead AS (
                SELECT uuid FROM ${schema}.kerrera_producers
                WHERE seen_at < timezone('UTC', now()) - make_interval(secs => ?::double precision / 1000)
            ), orphans AS (
                SELECT j.id, (CASE WHEN jsonb_typeof(meta -> 'deaths') = 'number'
                                   THEN (meta ->> 'deaths')::numeric ELSE 0 END) + 1 AS deaths
                FROM ${schema}.oban_jobs j
                WHERE state = 'executing' AND attempted_by[2] IN (SELECT uuid::text FROM dead)
                FOR UPDATE OF j SKIP LOCKED
            )
            UPDATE ${schema}.oban_jobs j
            SET state = (CASE WHEN deaths >= ? OR attempt >= max_attempts
                              THEN 'discarded' ELSE 'available' END)::${schema}.oban_job_state,
                discarded_at = CASE WHEN deaths >= ? OR attempt >= max_attempts THEN ? END,
                errors = errors || jsonb_build_object('attempt', attempt, 'at', to_char(?::timestamp, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'error',
                    CASE WHEN deaths >= ? THEN ?::text ELSE ?::text END),
                meta = coalesce(meta, '{}') || jsonb_build_object('deaths', deaths)
            FROM orphans
            WHERE j.id = orphans.id
            RETURNING j.id, j.queue, j.state::text""";

    /** A dead producer's row is the proof of its death, and needed for as long as jobs carry its name. */
    private static final String FORGET = """
            DELETE FROM ${schema}.kerrera_producers p
            WHERE seen_at < timezone('UTC', now()) - make_interval(secs => ?::double precision / 1000)
              AND NOT EXISTS (
                SELECT FROM ${schema}.oban_jobs j
                WHERE j.state = 'executing' AND j.attempted_by[2] = p.uuid::text)""";

    private final Jdbc jdbc;
    private final Clock clock;
    private final String rescue;
    private final String forget;

    public Rescuing(Jdbc jdbc, Prefix prefix, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.rescue = prefix.in(RESCUE);
        this.forget = prefix.in(FORGET);
    }

    /** A job taken back, and where it stands now. */
    public record Rescued(long id, String queue, JobState state) {}

    /**
     * Takes back the jobs of owners that have been silent for longer than given.
     *
     * @param maxDeaths how many owners a job may outlive before it is discarded as poison
     */
    public List<Rescued> rescue(Duration silence, int maxDeaths) {
        return jdbc.query(
                rescue,
                p -> p.number(silence.toMillis())
                        .number(maxDeaths)
                        .number(maxDeaths)
                        .time(clock.instant())
                        .time(clock.instant())
                        .number(maxDeaths)
                        .text(ErrorText.poison(maxDeaths))
                        .text(ErrorText.ownerDied()),
                row -> new Rescued(row.number(), row.text(), JobState.of(row.text())));
    }

    /** Forgets owners that have been silent for longer than given and have no jobs any more. */
    public void forget(Duration silence) {
        jdbc.update(forget, p -> p.number(silence.toMillis()));
    }
}
