package dev.kerrera.met;

import dev.kerrera.engine.Counting.Count;
import dev.kerrera.task.Nudge;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How many jobs there are, counted beside whoever asks and so seldom that counting takes a twentieth of the time at most. Thread-safe.
 */
final class FullCounts {

    private static final long LEAST = Duration.ofSeconds(1).toNanos();
    private static final long AFTER_FAILURE = Duration.ofSeconds(10).toNanos();
    private static final int PAUSE = 20;

    private final Supplier<List<Count>> counting;
    private final LongSupplier nanos;
    private final Nudge again;
    private volatile List<Count> latest = List.of();
    private volatile long due;

    FullCounts(Supplier<List<Count>> counting, Executor executor, LongSupplier nanos) {
        this.counting = counting;
        this.nanos = nanos;
        this.again = new Nudge(this::count, executor);
        this.due = nanos.getAsLong();
    }

    /** What was counted last, nothing at first. Has it counted again when it is time. */
    List<Count> latest() {
        if (nanos.getAsLong() - due >= 0) {
            again.nudge();
        }
        return latest;
    }

    /** Others count now. */
    void forget() {
        latest = List.of();
    }

    private void count() {
        long start = nanos.getAsLong();
        if (start - due < 0) {
            return; // asked for while it was being counted
        }
        due = start + AFTER_FAILURE;
        latest = List.copyOf(counting.get());
        long taken = nanos.getAsLong() - start;
        due = start + Math.max(LEAST, PAUSE * taken);
    }
}
