package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.Job;
import java.time.Clock;
import java.util.Collection;
import java.util.List;

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

    private static final String RECLAIM = """
            UPDATE ${schema}.oban_jobs
            SET state = 'available', attempt = greatest(attempt - 1, 0)
            WHERE state = 'executing' AND queue = ? AND attempted_by = ?::text[] AND NOT id = ANY(?)""";

    private final Jdbc jdbc;
    private final FetchStatement fetch;
    private final String queuesWithWork;
    private final String reclaim;

    public Fetching(Jdbc jdbc, Prefix prefix, Clock clock) {
        this.jdbc = jdbc;
        this.fetch = new FetchStatement(jdbc, prefix, clock);
        this.queuesWithWork = prefix.in(QUEUES_WITH_WORK);
        this.reclaim = prefix.in(RECLAIM);
    }

    /**
     * Takes as many jobs as are wanted that one of the workers can run, and marks them as executing by the owner.
     *
     * @return the jobs in the order in which they are to run
     */
    public List<Job> fetch(Demand demand, Collection<String> workers) {
        return fetch.take(List.of(demand), workers);
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
                reclaim, p -> p.text(queue).texts(owner.attemptedBy()).numbers(running));
    }
}
