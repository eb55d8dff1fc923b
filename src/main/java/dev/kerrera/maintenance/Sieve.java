package dev.kerrera.maintenance;

import dev.kerrera.db.DatabaseException;
import dev.kerrera.engine.Staging;
import dev.kerrera.engine.Touched;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Stages batches, and leaves the jobs behind that would make a whole batch fail: rows that a constraint or a trigger does not let
 * through. They are found by halves, told once, and tried again alone. For one thread at a time.
 */
final class Sieve {

    private static final System.Logger LOG = System.getLogger(Sieve.class.getName());

    /** Where that many are held back, it is not about single rows, and the failure is left to whoever reads the log. */
    private static final int MOST_HELD = 1_000;

    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final Staging staging;
    private final Duration again;
    private final Set<Long> held = new LinkedHashSet<>();
    private long lastTried = System.nanoTime();

    Sieve(Staging staging) {
        this(staging, AGAIN);
    }

    /** @param again how long jobs are held back before they are tried again */
    Sieve(Staging staging, Duration again) {
        this.staging = staging;
        this.again = again;
    }

    /** As {@link Staging#stage(int, java.util.Collection, boolean)}, without the jobs that cannot be staged. */
    Touched stage(int limit, boolean everyQueue) {
        List<Touched> passed = new ArrayList<>();
        tryAgain(passed);
        try {
            passed.add(staging.stage(limit, held, everyQueue));
        } catch (DatabaseException failure) {
            if (!failure.isAboutRows() || held.size() >= MOST_HELD) {
                throw failure;
            }
            pass(staging.due(limit, held), passed);
            if (everyQueue) {
                passed.add(staging.stage(0, held, true));
            }
        }
        return new Touched(
                passed.stream().mapToLong(Touched::jobs).sum(),
                passed.stream().flatMap(one -> one.queues().stream()).distinct().toList());
    }

    private void tryAgain(List<Touched> passed) {
        if (!held.isEmpty() && System.nanoTime() - lastTried > again.toNanos()) {
            lastTried = System.nanoTime();
            for (Long job : List.copyOf(held)) {
                pass(List.of(job), passed);
            }
        }
    }

    private void pass(List<Long> jobs, List<Touched> passed) {
        try {
            passed.add(staging.stage(jobs));
            jobs.forEach(held::remove);
        } catch (DatabaseException failure) {
            if (!failure.isAboutRows()) {
                throw failure;
            } else if (jobs.size() == 1) {
                hold(jobs.get(0), failure);
            } else if (held.size() >= MOST_HELD) {
                throw failure;
            } else {
                int half = jobs.size() / 2;
                pass(jobs.subList(0, half), passed);
                pass(jobs.subList(half, jobs.size()), passed);
            }
        }
    }

    private void hold(Long job, DatabaseException failure) {
        if (held.isEmpty()) {
            lastTried = System.nanoTime();
        }
        if (held.add(job)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Job %d is due, but its row cannot be changed, so it is left as it is and tried again every %s: %s"
                            .formatted(job, again, failure.getMessage()));
        }
    }
}
