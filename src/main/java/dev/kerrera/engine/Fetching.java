package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.DatabaseException;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.Job;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Takes available jobs for a producer. */
public final class Fetching {

    /** One look into the index per queue: an EXISTS becomes a join, and is planned as a scan of the whole table once many wait. */
    private static final String QUEUES_WITH_WORK = """
            SELECT queue FROM unnest(?::text[]) AS queue
            WHERE (
                SELECT true FROM ${schema}.oban_jobs j
                WHERE j.state = 'available' AND j.queue = queue.queue
                ORDER BY j.priority, j.scheduled_at, j.id
                LIMIT 1)""";

    /** In the order and under the conditions of a fetch. */
    private static final String FIRST = """
            SELECT priority, scheduled_at, id FROM ${schema}.oban_jobs
            WHERE state = 'available' AND queue = ? AND worker = ANY(?::text[]) AND attempt < max_attempts
                AND (priority, scheduled_at, id) > (?, ?::timestamp, ?)
            ORDER BY priority, scheduled_at, id
            LIMIT 1
            FOR UPDATE SKIP LOCKED""";

    private static final String RECLAIM = """
            UPDATE ${schema}.oban_jobs
            SET state = 'available', attempt = greatest(attempt - 1, 0)
            WHERE state = 'executing' AND queue = ? AND attempted_by = ?::text[] AND NOT id = ANY(?)""";

    private final Jdbc jdbc;
    private final FetchStatement fetch;
    private final String queuesWithWork;
    private final String first;
    private final String reclaim;

    public Fetching(Jdbc jdbc, Prefix prefix, Clock clock) {
        this.jdbc = jdbc;
        this.fetch = new FetchStatement(jdbc, prefix, clock);
        this.queuesWithWork = prefix.in(QUEUES_WITH_WORK);
        this.first = prefix.in(FIRST);
        this.reclaim = prefix.in(RECLAIM);
    }

    /**
     * Takes as many jobs as are wanted that one of the workers can run, and marks them as executing by the owner.
     *
     * @return the jobs in the order in which they are to run
     * @throws FetchRefused when the server does not let one of them be taken
     * @throws DatabaseException when it is not known whether something was taken
     */
    public List<Job> fetch(Demand demand, Collection<String> workers) {
        try {
            return fetch.take(List.of(demand), workers);
        } catch (DatabaseException failure) {
            throw failure.isAboutRows() ? new FetchRefused(failure) : failure;
        }
    }

    /** Where the first of the jobs stands that such a fetch would take. */
    public Optional<Position> first(String queue, Position after, Collection<String> workers) {
        return jdbc
                .query(
                        first,
                        p -> p.text(queue)
                                .texts(workers)
                                .number(after.priority())
                                .time(after.scheduledAt())
                                .number(after.id()),
                        row -> Position.of((int) row.number(), row.time(), row.number()))
                .stream()
                .findFirst();
    }

    /** Which of the queues have available jobs. */
    public List<String> queuesWithWork(Collection<String> queues) {
        return jdbc.query(queuesWithWork, p -> p.texts(queues), row -> row.text());
    }

    /**
     * Gives back what the owner holds in the table but does not run: jobs taken by a fetch whose answer was lost.
     *
     * @param running ids of the jobs it does run
     * @return how many were given back
     */
    public int reclaim(String queue, Owner owner, Collection<Long> running) {
        return jdbc.update(
                jdbc.inTransaction() ? reclaim : reclaim + Fence.NOT_FOR_LONG,
                p -> p.text(queue).texts(owner.attemptedBy()).numbers(running));
    }
}
