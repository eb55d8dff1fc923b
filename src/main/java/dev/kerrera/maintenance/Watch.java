package dev.kerrera.maintenance;

import java.time.Duration;

/** How long somebody has looked without a break. Not thread-safe. */
final class Watch {

    private final Duration longestBreak;
    private long since = System.nanoTime();
    private long last = System.nanoTime();

    /** @param longestBreak the longest time from one look to the end of the next that is none */
    Watch(Duration longestBreak) {
        this.longestBreak = longestBreak;
    }

    /** How long it has lasted until now; nothing when the last look is too long ago. */
    Duration unbroken() {
        long now = System.nanoTime();
        if (now - last > longestBreak.toNanos()) {
            since = now;
        }
        return Duration.ofNanos(now - since);
    }

    /** A look has succeeded. One that has come late, or taken long, begins the watch anew. */
    void looked() {
        unbroken();
        last = System.nanoTime();
    }

    /** A look failed. */
    void broken() {
        since = System.nanoTime();
    }
}
