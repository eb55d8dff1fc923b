package dev.kerrera.maintenance;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How long somebody has looked without a break, by a clock that was not set meanwhile. Not thread-safe. */
final class Watch {

    private final Duration longestBreak;
    private long since = System.nanoTime();
    private long last = System.nanoTime();
    private Optional<Instant> lastByClock = Optional.empty();

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

    /**
     * A look has succeeded. One that has come late, or taken long, begins the watch anew, and so does a clock that was set.
     *
     * @param clock what it shows that silence is measured by
     */
    void looked(Optional<Instant> clock) {
        unbroken();
        long now = System.nanoTime();
        if (isSet(clock, now - last)) {
            since = now;
        }
        last = now;
        lastByClock = clock;
    }

    private boolean isSet(Optional<Instant> clock, long passed) {
        if (clock.isEmpty() || lastByClock.isEmpty()) {
            return false;
        }
        Duration byClock = Duration.between(lastByClock.get(), clock.get());
        return byClock.minusNanos(passed).abs().compareTo(longestBreak) > 0;
    }

    /** A look failed. */
    void broken() {
        since = System.nanoTime();
    }
}
