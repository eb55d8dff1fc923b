package dev.kerrera.queue;

/**
 * How a queue is to start. Immutable.
 *
 * <pre>{@code
 * jobs.startQueue(QueueStart.of("import", 4).asPaused(), QueueScope.onNode("batch-1"));
 * }</pre>
 *
 * @param queue name of the queue
 * @param limit most jobs that run at once on each node
 * @param paused whether it takes no jobs until it is resumed
 */
public record QueueStart(String queue, int limit, boolean paused) {

    /** A queue that takes jobs at once. */
    public static QueueStart of(String queue, int limit) {
        return new QueueStart(queue, limit, false);
    }

    /** The same queue, taking no jobs until it is resumed. */
    public QueueStart asPaused() {
        return new QueueStart(queue, limit, true);
    }
}
