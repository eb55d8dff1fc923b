package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Row;
import dev.kerrera.job.ErrorText;
import dev.kerrera.job.JobState;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Takes back jobs whose owner is dead: a producer that kept a heartbeat and keeps it no more, or one that never kept any and
 * has had the job for very long.
 *
 * <p>A death uses up the attempt, as it always has in Oban, and is counted in {@code meta.deaths} until the job outlives an attempt. A
 * job with attempts left goes back to its queue; one without, or one that has outlived its share of owners, is discarded.
 */
public final class Rescuing {

    /** The metadata of a job that has outlived an attempt. */
    static final String SURVIVED = "CASE WHEN jsonb_typeof(meta) = 'object' THEN meta - 'deaths' ELSE meta END";

    /** The time by the database's clock, before which something is older than the parameter. */
    private static final String AGO = "timezone('UTC', now()) - make_interval(secs => ?::double precision / 1000)";

    private static final String SILENT = """
            state = 'executing' AND attempted_by[2] IN (
                SELECT uuid::text FROM ${schema}.kerrera_producers WHERE seen_at <\s""" + AGO + ")";

    private static final String UNKNOWN_AND_OLD = """
            state = 'executing' AND NOT EXISTS (
                SELECT FROM ${schema}.kerrera_producers p WHERE p.uuid::text = attempted_by[2])
            AND attempted_at <\s""" + AGO;

    /** The errors are taken apart and put together again, because to an array of arrays nothing can be appended. */
    private static final String RESCUE = """
            WITH orphans AS (
                SELECT id AS orphan, (CASE WHEN jsonb_typeof(meta -> 'deaths') = 'number'
                                      THEN (meta ->> 'deaths')::numeric ELSE 0 END) + 1 AS deaths
                FROM ${schema}.oban_jobs
                WHERE ${dead} AND ${which}
                FOR UPDATE SKIP LOCKED
            ), judged AS (
                SELECT orphan, deaths, deaths >= ? AS poison FROM orphans
            )
            UPDATE ${schema}.oban_jobs
            SET state = (CASE WHEN poison OR attempt >= max_attempts
                              THEN 'discarded' ELSE 'available' END)::${schema}.oban_job_state,
                discarded_at = CASE WHEN poison OR attempt >= max_attempts THEN ? END,
                errors = ARRAY(SELECT unnest(errors)) || jsonb_build_object('attempt', attempt,
                    'at', to_char(?::timestamp, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                    'error', CASE WHEN poison THEN format(?, trunc(deaths)) ELSE ? END),
                meta = coalesce(meta, '{}') || jsonb_build_object('deaths', deaths)
            FROM judged
            WHERE id = orphan
            RETURNING id, queue, state::text""";

    private static final String FIND = "SELECT id FROM ${schema}.oban_jobs WHERE ${dead} AND ${which} ORDER BY id";

    private static final String BUT_THESE = "NOT id = ANY(?)";

    private static final String THESE = "id = ANY(?)";

    /** A dead producer's row is the proof of its death, and needed for as long as jobs may carry its name. */
    private static final String FORGET = """
            DELETE FROM ${schema}.kerrera_producers p
            WHERE NOT EXISTS (
                SELECT FROM ${schema}.oban_jobs j
                WHERE j.state = 'executing' AND j.attempted_by[2] = p.uuid::text)
            AND seen_at <\s""" + AGO;

    /** The lock must be committed, and so waits for everything that a sign of life waits for; it is in no sign's way. */
    private static final String LOOK =
            "SELECT timezone('UTC', clock_timestamp()) AS at FROM ${schema}.kerrera_producers LIMIT 1 FOR KEY SHARE";

    /** The silent are few, most often none, so they are looked for before their jobs. */
    private static final String SUSPECT =
            "SELECT (SELECT at FROM (" + LOOK + """
            ) AS locked),
                EXISTS (SELECT FROM ${schema}.kerrera_producers WHERE seen_at <\s""" + AGO + """
            )
                AND EXISTS (SELECT FROM ${schema}.oban_jobs WHERE\s""" + SILENT + """
            ),
                EXISTS (SELECT FROM ${schema}.oban_jobs WHERE\s""" + UNKNOWN_AND_OLD + ")";

    private final Jdbc jdbc;
    private final Clock clock;
    private final String look;
    private final String suspect;
    private final Statements silent;
    private final Statements unknown;
    private final String forget;

    public Rescuing(Jdbc jdbc, Prefix prefix, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.look = prefix.in(LOOK);
        this.suspect = prefix.in(SUSPECT);
        this.silent = Statements.of(prefix, SILENT);
        this.unknown = Statements.of(prefix, UNKNOWN_AND_OLD);
        this.forget = prefix.in(FORGET);
    }

    private record Statements(String rescue, String find, String rescueThese) {

        static Statements of(Prefix prefix, String dead) {
            return new Statements(
                    prefix.in(RESCUE.replace("${dead}", dead).replace("${which}", BUT_THESE)),
                    prefix.in(FIND.replace("${dead}", dead).replace("${which}", BUT_THESE)),
                    prefix.in(RESCUE.replace("${dead}", dead).replace("${which}", THESE)));
        }
    }

    /** A job taken back, and where it stands now. */
    public record Rescued(long id, String queue, JobState state) {}

    /**
     * The rescue of the jobs of owners that have been silent for longer than given.
     *
     * @param maxDeaths how many owners a job may outlive before it is discarded as poison
     */
    public Batch<List<Rescued>> silent(Duration silence, int maxDeaths) {
        return new Orphans(silent, silence, maxDeaths);
    }

    /** The rescue of the jobs that owners without a heartbeat have had for longer than given; otherwise the same. */
    public Batch<List<Rescued>> unknown(Duration age, int maxDeaths) {
        return new Orphans(unknown, age, maxDeaths);
    }

    /** Takes back the jobs of owners that have been silent for longer than given, all of them or none. */
    public List<Rescued> rescue(Duration silence, int maxDeaths) {
        return silent(silence, maxDeaths).run(List.of());
    }

    private final class Orphans implements Batch<List<Rescued>> {

        private final Statements sql;
        private final long millis;
        private final int maxDeaths;

        Orphans(Statements sql, Duration longer, int maxDeaths) {
            this.sql = sql;
            this.millis = longer.toMillis();
            this.maxDeaths = maxDeaths;
        }

        @Override
        public List<Rescued> run(Collection<Long> except) {
            return rescue(sql.rescue(), except);
        }

        @Override
        public List<Long> find(Collection<Long> except) {
            return jdbc.query(sql.find(), p -> p.number(millis).numbers(except), row -> row.number());
        }

        @Override
        public List<Rescued> runFor(Collection<Long> ids) {
            return rescue(sql.rescueThese(), ids);
        }

        private List<Rescued> rescue(String rescue, Collection<Long> ids) {
            return jdbc.query(
                    rescue,
                    p -> p.number(millis)
                            .numbers(ids)
                            .number(maxDeaths)
                            .time(clock.instant())
                            .time(clock.instant())
                            .text(ErrorText.POISON)
                            .text(ErrorText.OWNER_DIED),
                    row -> new Rescued(row.number(), row.text(), JobState.of(row.text())));
        }
    }

    /** Forgets owners that have been silent for longer than given and have no jobs any more. */
    public void forget(Duration silence) {
        jdbc.update(forget, p -> p.number(silence.toMillis()));
    }

    /**
     * Looks where owners give their signs of life, and returns when the database would have taken one.
     *
     * @return the time by the database's clock; nothing where there are no owners
     */
    public Optional<Instant> look() {
        return jdbc.query(look, p -> {}, Row::time).stream().findFirst();
    }

    /**
     * Whether a rescue would find anything.
     *
     * @param at the time by the database's clock; nothing where there are no owners
     * @param silent that of silent owners' jobs
     * @param unknown that of unknown owners' jobs
     */
    public record Suspicion(Optional<Instant> at, boolean silent, boolean unknown) {}

    /** As {@link #look()}, and in the same statement at the jobs: those of owners silent for longer, and of unknown ones that are older. */
    public Suspicion look(Duration silence, Duration age) {
        return jdbc.query(
                        suspect,
                        p -> p.number(silence.toMillis())
                                .number(silence.toMillis())
                                .number(age.toMillis()),
                        Rescuing::suspicion)
                .get(0);
    }

    private static Suspicion suspicion(Row row) throws SQLException {
        return new Suspicion(Optional.ofNullable(row.timeOrNull()), row.flag(), row.flag());
    }
}
