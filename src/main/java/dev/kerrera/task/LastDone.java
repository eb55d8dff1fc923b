package dev.kerrera.task;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When something was last done, by whichever loop does it. Thread-safe. */
public final class LastDone {

    private volatile @Nullable Long moment;

    /**
     * It was done.
     *
     * @param moment when it was begun, by {@code System.nanoTime}
     */
    public void done(long moment) {
        this.moment = moment;
    }

    /** How long from now it will have been that long ago; zero when it is already, and when it was never done. */
    public Duration until(Duration age) {
        Long last = moment;
        long left = last == null ? 0 : age.toNanos() - (System.nanoTime() - last);
        return Duration.ofNanos(Math.max(left, 0));
    }
}
