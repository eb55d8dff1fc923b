package dev.kerrera.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What holds for a queue until somebody says otherwise, whoever restarts meanwhile.
 *
 * @param queue name of the queue, or {@code *} for all of them
 * @param node name of the node, or nothing for all of them
 * @param paused whether it is to take no jobs
 * @param limit most jobs that are to run at once on each node
 */
public record LastingOrder(String queue, String node, Optional<Part<Boolean>> paused, Optional<Part<Integer>> limit) {

    /**
     * One thing that an order says.
     *
     * @param value what is said
     * @param at when it was said last, by the database's clock
     * @param age how long ago that was when the order was read
     */
    public record Part<T>(T value, Instant at, Duration age) {}

    /** Whether it concerns a queue. */
    public boolean concerns(String which) {
        return queue.equals(LastingOrders.ALL_QUEUES) || queue.equals(which);
    }

    /** Whether both are for the same queues and nodes, so that what one says takes the place of what the other said. */
    public boolean replaces(LastingOrder other) {
        return queue.equals(other.queue) && node.equals(other.node);
    }
}
