package dev.kerrera.queue;

import dev.kerrera.engine.Position;
import dev.kerrera.job.Job;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Where among the jobs of its queue a producer's next fetch begins.
 *
 * <p>A job that was taken leaves an entry in the index, which stays until the table is vacuumed, and each fetch from the top has to pass
 * them all. So a fetch goes on where the last one ended. What may have brought a job to a place before that leads back, but only now and
 * then: news of jobs, and a fetch that found fewer than it asked for. It leads a little back, where those are whose insert was committed
 * after later ones; and to the top, but no more often than is cheap, so that what fetches take longer from there is some twentieth of the
 * time. Whatever it costs, one begins at the top a second after the last, also without a reason, because not all who write into the
 * table tell. Only {@link #news} may be called by any thread.
 */
final class Bookmark {

    private static final Duration BETWEEN = Duration.ofMillis(10);
    private static final Duration AT_LEAST = Duration.ofSeconds(1);

    /** How long an insert may take from the moment that becomes its place to its commit, if it is to be found soon. */
    private static final Duration A_LITTLE = Duration.ofMillis(200);

    private static final int TIMES_ITS_COST = 20;

    /** How many fetches an average is of, more or less: one of them may have waited for a processor. */
    private static final int SOME = 8;

    private final LongSupplier nanos;
    private final long between;
    private final long atLeast;
    private Position end = Position.TOP;
    private Position passed = Position.TOP; // before it nothing is looked for but from the top
    private Start start = Start.TOP;
    private boolean full;
    private long began;
    private long wentBack;
    private long lookedAtTop;
    private long usualNanos; // what a fetch takes that does not begin at the top
    private long costNanos; // what one takes longer from there
    private volatile boolean news = true;

    private enum Start {
        TOP,
        A_LITTLE_BACK,
        END
    }

    Bookmark() {
        this(System::nanoTime, BETWEEN, AT_LEAST);
    }

    /**
     * @param nanos a clock
     * @param between how far fetches that lead back are apart at least, where there is a reason
     * @param atLeast how far those from the top are apart at most, counted from the end of one
     */
    Bookmark(LongSupplier nanos, Duration between, Duration atLeast) {
        this.nanos = nanos;
        this.between = between.toNanos();
        this.atLeast = atLeast.toNanos();
        this.lookedAtTop = nanos.getAsLong() - this.between;
    }

    /** There may be jobs anywhere. */
    void news() {
        news = true;
    }

    /** Where the fetch begins that is made now. */
    Position next() {
        began = nanos.getAsLong();
        start = start();
        return switch (start) {
            case TOP -> {
                news = false;
                passed = Position.TOP;
                lookedAtTop = began;
                wentBack = began;
                yield Position.TOP;
            }
            case A_LITTLE_BACK -> {
                wentBack = began;
                Position earlier = end.earlier(A_LITTLE);
                yield earlier.compareTo(passed) > 0 ? earlier : passed;
            }
            case END -> end;
        };
    }

    private Start start() {
        boolean reason = news || !full;
        if (end.equals(Position.TOP) || began - lookedAtTop >= (reason ? betweenLooksAtTop() : atLeast)) {
            return Start.TOP;
        }
        return reason && began - wentBack >= between ? Start.A_LITTLE_BACK : Start.END;
    }

    private long betweenLooksAtTop() {
        return Math.max(between, Math.min(atLeast, TIMES_ITS_COST * costNanos));
    }

    /**
     * That fetch has found these, in their order.
     *
     * @param asMany whether it found as many as it asked for, so that more may follow
     * @return when to look before the place where it began, if it found fewer and has not looked there
     */
    Optional<Duration> fetched(List<Job> jobs, boolean asMany) {
        full = asMany;
        if (!jobs.isEmpty()) {
            Position last = Position.of(jobs.get(jobs.size() - 1));
            end = full || last.compareTo(end) > 0 ? last : end;
        }
        measure(nanos.getAsLong() - began);
        return full ? Optional.empty() : lookIn();
    }

    /** What costs more than is ever waited for counts no more than that, so that one that was held up is soon forgotten. */
    private void measure(long took) {
        if (start == Start.TOP) {
            lookedAtTop = nanos.getAsLong();
            usualNanos = Math.min(usualNanos, took);
            long more = Math.min(took - usualNanos, atLeast / TIMES_ITS_COST);
            costNanos += (more - costNanos) / SOME;
        } else {
            usualNanos += (took - usualNanos) / SOME;
        }
    }

    private Optional<Duration> lookIn() {
        return switch (start) {
            case TOP -> Optional.empty();
            case A_LITTLE_BACK -> Optional.of(until(lookedAtTop + betweenLooksAtTop()));
            case END -> Optional.of(until(wentBack + between));
        };
    }

    private Duration until(long time) {
        return Duration.ofNanos(Math.max(0, time - nanos.getAsLong()));
    }

    /**
     * The job at that place cannot be taken, so fetches go on after it. It is met again by the next fetch from the top, which comes as late
     * as may be.
     */
    void pass(Position refused) {
        end = refused;
        passed = refused;
        full = true;
        costNanos = atLeast / TIMES_ITS_COST;
        lookedAtTop = nanos.getAsLong();
        wentBack = lookedAtTop;
    }

    /** Nobody knows what that fetch has found. */
    void failed() {
        news = true;
    }
}
