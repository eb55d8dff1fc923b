package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Row;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Makes due jobs available, each with an attempt left. */
public final class Staging {

    /**
     * The index of the queues has what waits for each state, queue and priority in order of time, so it is entered once for each of
     * them, and what is not due yet is never read.
     */
    private static final String PLACES = """
            WITH RECURSIVE places AS (
                SELECT waiting.state, first.queue, first.priority
                FROM unnest(ARRAY['scheduled', 'retryable']::${schema}.oban_job_state[]) AS waiting (state), LATERAL (
                    SELECT j.queue, j.priority FROM ${schema}.oban_jobs j
                    WHERE j.state = waiting.state ORDER BY j.queue, j.priority LIMIT 1) first
                UNION ALL
                SELECT places.state, next.queue, next.priority FROM places, LATERAL (
                    SELECT j.queue, j.priority FROM ${schema}.oban_jobs j
                    WHERE j.state = places.state AND (j.queue, j.priority) > (places.queue, places.priority)
                    ORDER BY j.queue, j.priority LIMIT 1) next
            )""";

    private static final String OLDEST_DUE = PLACES + """
            , due AS (
                SELECT oldest.id, oldest.place FROM places, LATERAL (
                    SELECT j.id, j.scheduled_at, j.ctid AS place FROM ${schema}.oban_jobs j
                    WHERE j.state = places.state AND j.queue = places.queue AND j.priority = places.priority
                      AND j.scheduled_at <= ? AND NOT j.id = ANY(?)
                    ORDER BY j.scheduled_at, j.id LIMIT ?) oldest
                ORDER BY oldest.scheduled_at, oldest.id
            )\s""";

    /** Without a queue is told that something is due. */
    static final String SIGHT = PLACES + """
            , available AS (
                (SELECT queue FROM ${schema}.oban_jobs WHERE state = 'available' ORDER BY queue LIMIT 1)
                UNION ALL
                SELECT next.queue FROM available, LATERAL (
                    SELECT j.queue FROM ${schema}.oban_jobs j
                    WHERE j.state = 'available' AND j.queue > available.queue
                    ORDER BY j.queue LIMIT 1) next
            )
            SELECT NULL::text WHERE EXISTS (
                SELECT FROM places, LATERAL (
                    SELECT FROM ${schema}.oban_jobs j
                    WHERE j.state = places.state AND j.queue = places.queue AND j.priority = places.priority
                      AND j.scheduled_at <= $1
                    ORDER BY j.scheduled_at LIMIT 1) due)
            UNION ALL
            SELECT queue FROM available""";

    static final String LOOK = "SELECT queue FROM ${schema}.kerrera_by_index(?, ?) AS sight (queue text)";

    /** A job without an attempt left would be available and never run, so it gets one more, as a retry gives it. */
    private static final String MOVE = """
            UPDATE ${schema}.oban_jobs
            SET state = 'available',
                max_attempts = CASE WHEN attempt < max_attempts THEN max_attempts ELSE attempt + 1 END
            WHERE ${found}
            RETURNING queue""";

    /**
     * Locks one by one, in the order of the due, until the limit is reached; the locked ones are passed over. Rows are found again by
     * their place in the table, for which there is one way only; one that has moved meanwhile has changed, and waits for the next turn.
     */
    private static final String STAGE = OLDEST_DUE + ", staged AS (" + MOVE.replace("${found}", """
            ctid = ANY(ARRAY(
                SELECT free.ctid FROM due, LATERAL (
                    SELECT j.ctid FROM ${schema}.oban_jobs j
                    WHERE j.ctid = due.place AND j.state IN ('scheduled', 'retryable') AND j.scheduled_at <= ?
                    FOR UPDATE SKIP LOCKED) free
                LIMIT ?))""")
            + ") SELECT count(*), queue FROM staged GROUP BY queue";

    private static final String DUE = OLDEST_DUE + "SELECT id FROM due LIMIT ?";

    private static final String STAGE_THESE =
            "WITH staged AS (" + MOVE.replace("${found}", """
            id = ANY(ARRAY(
                SELECT id FROM ${schema}.oban_jobs
                WHERE id = ANY(?) AND state IN ('scheduled', 'retryable') AND scheduled_at <= ?
                FOR UPDATE SKIP LOCKED))""") + ") SELECT count(*), queue FROM staged GROUP BY queue";

    private final Jdbc jdbc;
    private final ByIndex byIndex;
    private final Clock clock;
    private final String look;
    private final String sight;
    private final String stage;
    private final String due;
    private final String stageThese;

    public Staging(Jdbc jdbc, Prefix prefix, Clock clock) {
        this.jdbc = jdbc;
        this.byIndex = new ByIndex(jdbc);
        this.clock = clock;
        this.look = prefix.in(LOOK);
        this.sight = prefix.in(SIGHT);
        this.stage = prefix.in(STAGE);
        this.due = prefix.in(DUE);
        this.stageThese = prefix.in(STAGE_THESE);
    }

    /**
     * What there is to do.
     *
     * @param due whether jobs wait for {@link #stage}; another may hold them
     * @param queues every queue that has available jobs
     */
    public record Sight(boolean due, List<String> queues) {}

    /** Looks, by one statement. */
    public Sight look() {
        List<Optional<String>> seen = jdbc.query(
                look, p -> p.text(sight).time(clock.instant()), row -> Optional.ofNullable(row.textOrNull()));
        return new Sight(
                seen.stream().anyMatch(Optional::isEmpty),
                seen.stream().flatMap(Optional::stream).toList());
    }

    /**
     * Moves scheduled and retryable jobs that are due, the longest due first.
     *
     * @param limit most jobs to move
     * @param except ids of jobs to leave where they are
     * @return how many were moved, and their queues
     */
    public Touched stage(int limit, Collection<Long> except) {
        Instant now = clock.instant();
        return Touched.sum(byIndex.run(() -> jdbc.query(
                stage, p -> p.time(now).numbers(except).number(limit).time(now).number(limit), Staging::read)));
    }

    /** The ids of the jobs that the same call would move, unless somebody else holds them. */
    public List<Long> due(int limit, Collection<Long> except) {
        return byIndex.run(() -> jdbc.query(
                due, p -> p.time(clock.instant()).numbers(except).number(limit).number(limit), row -> row.number()));
    }

    /** Moves those of the given jobs that are due. */
    public Touched stage(Collection<Long> ids) {
        return Touched.sum(jdbc.query(stageThese, p -> p.numbers(ids).time(clock.instant()), Staging::read));
    }

    /** As {@link #stage(int, Collection)}. */
    public Batch<Touched> batch(int limit) {
        return new Batch<>() {
            @Override
            public Touched run(Collection<Long> except) {
                return stage(limit, except);
            }

            @Override
            public List<Long> find(Collection<Long> except) {
                return due(limit, except);
            }

            @Override
            public Touched runFor(Collection<Long> ids) {
                return stage(ids);
            }
        };
    }

    private static Touched read(Row row) throws SQLException {
        return new Touched(row.number(), List.of(row.text()));
    }
}
