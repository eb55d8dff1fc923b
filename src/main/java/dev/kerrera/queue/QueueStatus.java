package dev.kerrera.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A queue of this node as it is now; the result of Oban's {@code check_queue}. Immutable.
 *
 * @param name name of the instance
 * @param queue name of the queue
 * @param node name of the node
 * @param uuid identity of the producer, as it stands in {@code attempted_by} of the jobs it runs; a queue that is stopped and
 *     started again has a new one
 * @param limit most jobs that run at once
 * @param paused whether it takes no jobs; also true while it is being stopped, as in Oban
 * @param running ids of the jobs that run now
 * @param abandoned ids of jobs whose worker goes on although the job was settled without it
 * @param refreshInterval how often {@code updatedAt} moves: {@code kerrera.lifeline.interval}
 * @param startedAt when the producer started
 * @param updatedAt when it last told the table that it lives
 * @param shutdownStartedAt when its stop began; null unless it is being stopped
 */
public record QueueStatus(
        String name,
        String queue,
        String node,
        UUID uuid,
        int limit,
        boolean paused,
        List<Long> running,
        List<Long> abandoned,
        Duration refreshInterval,
        Instant startedAt,
        Instant updatedAt,
        @Nullable Instant shutdownStartedAt) {

    /** Whether it takes no more jobs because it is being stopped. */
    public boolean stopping() {
        return shutdownStartedAt != null;
    }
}
