package dev.kerrera.config;

/**
 * How one queue runs on this node.
 *
 * @param name name of the queue, 1 to 127 characters
 * @param limit most jobs that run at once on this node; 0 when the queue is known here but worked elsewhere
 */
public record QueueSettings(String name, int limit) {

    /** Whether this node works the queue. */
    public boolean worked() {
        return limit > 0;
    }
}
