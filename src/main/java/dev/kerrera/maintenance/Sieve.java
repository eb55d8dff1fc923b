package dev.kerrera.maintenance;

import dev.kerrera.db.DatabaseException;
import dev.kerrera.engine.Batch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs batches, and leaves the jobs behind that would make a whole batch fail: rows that a constraint, a foreign key or a trigger does not
 * let through. They are found by halves, told once, and tried again alone. For one thread at a time, and one kind of batch.
 */
final class Sieve {

    private static final System.Logger LOG = System.getLogger(Sieve.class.getName());

    /** Where that many are refused and none is let through, it is not about single rows. */
    private static final int HOPELESS = 1_000;

    /** Each statement is told what to leave out. */
    private static final int MOST_HELD = 10_000;

    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final String complaint;
    private final Duration again;
    private final Set<Long> held = new LinkedHashSet<>();
    private long lastTried = System.nanoTime();
    private @Nullable Long gaveUp;

    /** @param complaint what is said of a job that is left behind */
    Sieve(String complaint) {
        this(complaint, AGAIN);
    }

    /** @param again how long jobs are held back before they are tried again */
    Sieve(String complaint, Duration again) {
        this.complaint = complaint;
        this.again = again;
    }

    /**
     * Runs a batch without the jobs that it cannot be done to.
     *
     * @param done is told of each part when it is committed, also when a later one fails
     * @return whether it went as a whole
     * @throws DatabaseException when it fails for another reason than some of the rows
     */
    <R> boolean pass(Batch<R> batch, Consumer<R> done) {
        tryAgain(batch, done);
        R whole;
        try {
            whole = batch.run(held);
        } catch (DatabaseException failure) {
            if (!failure.isAboutRows() || isHopeless()) {
                throw failure;
            }
            sift(batch, batch.find(held), done);
            return false;
        }
        gaveUp = null;
        done.accept(whole);
        return true;
    }

    private <R> void tryAgain(Batch<R> batch, Consumer<R> done) {
        if (!held.isEmpty() && isOver(lastTried)) {
            lastTried = System.nanoTime();
            for (Long job : held.stream().limit(HOPELESS).toList()) {
                held.remove(job);
                if (refusal(batch, List.of(job), done) != null) {
                    held.add(job);
                }
            }
        }
    }

    /** Large parts come first, so that what can be done is done before the bad rows are told one by one. */
    private <R> void sift(Batch<R> batch, List<Long> jobs, Consumer<R> done) {
        Deque<List<Long>> parts = new ArrayDeque<>();
        parts.add(jobs);
        boolean passed = false;
        int refused = 0;
        while (!parts.isEmpty()) {
            List<Long> part = parts.remove();
            DatabaseException refusal = refusal(batch, part, done);
            if (refusal == null) {
                passed = true;
            } else if (part.size() > 1) {
                parts.add(part.subList(0, part.size() / 2));
                parts.add(part.subList(part.size() / 2, part.size()));
            } else {
                part.forEach(job -> hold(job, refusal));
                refused++;
                if (refused >= HOPELESS && !passed && !parts.isEmpty()) {
                    gaveUp = System.nanoTime();
                    throw refusal;
                }
            }
        }
    }

    private static <R> @Nullable DatabaseException refusal(Batch<R> batch, List<Long> jobs, Consumer<R> done) {
        R part;
        try {
            part = batch.runFor(jobs);
        } catch (DatabaseException failure) {
            if (!failure.isAboutRows()) {
                throw failure;
            }
            return failure;
        }
        done.accept(part);
        return null;
    }

    private void hold(Long job, DatabaseException refusal) {
        if (held.isEmpty()) {
            lastTried = System.nanoTime();
        }
        if (held.size() >= MOST_HELD) {
            held.remove(held.iterator().next());
        }
        if (held.add(job)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Job %d %s, so it is left as it is and tried again every %s: %s"
                            .formatted(job, complaint, again, refusal.getMessage()));
        }
    }

    private boolean isHopeless() {
        return gaveUp != null && !isOver(gaveUp);
    }

    private boolean isOver(long since) {
        return System.nanoTime() - since > again.toNanos();
    }
}
