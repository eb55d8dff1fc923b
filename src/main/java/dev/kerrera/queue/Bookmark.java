package dev.kerrera.queue;

import dev.kerrera.engine.Position;
import dev.kerrera.job.Job;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where among the jobs of its queue a producer's next fetch begins.
 *
 * <p>A job that was taken leaves an entry in the index, which stays as long as any transaction of the database is older than that, and
 * each fetch from the top has to pass them all. So a fetch goes on where the last one ended. What may have brought a job to a place before
 * that leads back to the top, but only now and then: news of jobs, and a fetch that found fewer than it asked for. Once a second one begins
 * there without a reason, because not all who write into the table tell. Only {@link #news} may be called by any thread.
 */
final class Bookmark {

    private static final Duration BETWEEN = Duration.ofMillis(10);
    private static final Duration AT_LEAST = Duration.ofSeconds(1);

    private final long between;
    private final long atLeast;
    private Position end = Position.TOP;
    private boolean fromTop;
    private boolean full;
    private long lookedAtTop;
    private volatile boolean news = true;

    Bookmark() {
        this(BETWEEN, AT_LEAST);
    }

    /**
     * @param between how far fetches from the top are apart where there is a reason, measured from start to start
     * @param atLeast and where there is none
     */
    Bookmark(Duration between, Duration atLeast) {
        this.between = between.toNanos();
        this.atLeast = atLeast.toNanos();
        this.lookedAtTop = System.nanoTime() - this.between;
    }

    /** There may be jobs anywhere. */
    void news() {
        news = true;
    }

    /** Where the fetch begins that is made now. */
    Position next() {
        long now = System.nanoTime();
        long wait = news || !full ? between : atLeast;
        fromTop = end.equals(Position.TOP) || now - lookedAtTop >= wait;
        if (fromTop) {
            news = false;
            lookedAtTop = now;
            return Position.TOP;
        }
        return end;
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
        return full || fromTop
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(0, lookedAtTop + between - System.nanoTime())));
    }

    /** Nobody knows what that fetch has found. */
    void failed() {
        news = true;
    }
}
