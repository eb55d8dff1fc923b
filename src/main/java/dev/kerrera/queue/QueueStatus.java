package dev.kerrera.queue;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A queue of this node as it is now; the result of Oban's {@code check_queue}.
 *
 * @param queue name of the queue
 * @param node name of the node
 * @param uuid identity of the producer, as it stands in {@code attempted_by} of the jobs it runs
 * @param limit most jobs that run at once
 * @param running ids of the jobs that run now
 * @param abandoned ids of jobs whose worker goes on although the job was settled without it
 * @param startedAt when the producer started
 * @param stopping whether it takes no more jobs because it is being stopped
 */
public record QueueStatus(
        String queue,
        String node,
        UUID uuid,
        int limit,
        List<Long> running,
        List<Long> abandoned,
        Instant startedAt,
        boolean stopping) {}
