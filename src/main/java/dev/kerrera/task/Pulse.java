package dev.kerrera.task;

import java.time.Duration;

/** When a loop last turned. Thread-safe. */
public final class Pulse {

    private volatile long last = System.nanoTime();

    /** The loop turned. */
    public void beat() {
        last = System.nanoTime();
    }

    /** How long ago that was. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - last);
    }
}
