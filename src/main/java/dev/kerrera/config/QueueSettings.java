package dev.kerrera.config;

import java.time.Duration;

/**
 * How one queue runs on this node.
 *
 * @param name name of the queue, 1 to 127 characters
 * @param limit most jobs that run at once on this node; 0 when the queue is known here but worked elsewhere
 * @param paused whether it takes no jobs until it is resumed
 * @param dispatchCooldown least time between two looks for jobs, on average
 */
public record QueueSettings(String name, int limit, boolean paused, Duration dispatchCooldown) {

    /** Stands for every queue in Oban's messages. */
    public static final String ALL = "*";

    private static final int LONGEST_NAME = 127;

    /** A queue that takes jobs at once and as often as there are any. */
    public QueueSettings(String name, int limit) {
        this(name, limit, false, Duration.ZERO);
    }

    /** Whether a queue can have this name. */
    public static boolean isName(String name) {
        return !name.isEmpty() && name.codePointCount(0, name.length()) <= LONGEST_NAME && !name.equals(ALL);
    }

    /** Whether this node works the queue. */
    public boolean worked() {
        return limit > 0;
    }
}
