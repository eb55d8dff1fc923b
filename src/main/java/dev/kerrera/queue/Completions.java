package dev.kerrera.queue;

import dev.kerrera.engine.Completing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes down that jobs are done, many by one statement.
 *
 * <p>The thread that ends a job while nobody writes does so at once, and what ends meanwhile goes with its next statement: nothing
 * waits for company, unless there was some at the last statement; then a moment is given to let them become enough for another.
 *
 * <p>If a statement fails, each of its results is written by itself; so is that of a job that no longer belongs to its run. One that
 * hangs does not keep others waiting for long. Thread-safe.
 */
final class Completions {

    private static final System.Logger LOG = System.getLogger(Completions.class.getName());
    private static final int MOST = 1_000;
    private static final int ENOUGH = 100;
    private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int PORTION = 100;
    private static final long LATE = TimeUnit.SECONDS.toNanos(5);

    private final Completing completing;
    private final Executor executor;
    private final Queue<Done> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unwritten =
            new AtomicInteger(); // whoever has taken some looks for more when they are written
    private volatile long began = System.nanoTime();

    Completions(Completing completing, Executor executor) {
        this.completing = completing;
        this.executor = executor;
    }

    /** A run whose job is done, as it was when its worker ended. */
    interface Done {

        /** Whose job is done. */
        Completing.Run run();

        /** It is written down; tells of it. */
        void written();

        /**
         * It was not written together with others; writes it by itself.
         *
         * @param again whether it may have been written nevertheless
         */
        void writeAlone(boolean again);
    }

    /** Writes it down soon, if need be on this thread. */
    void add(Done done) {
        waiting.add(done);
        if (unwritten.getAndIncrement() == 0) {
            writeAll();
        }
    }

    /** To be asked now and then: if the writer hangs, another writes what waits. */
    void relieve() {
        if (!waiting.isEmpty() && System.nanoTime() - began > LATE) {
            began = System.nanoTime();
            beside(this::writeAll);
        }
    }

    private void writeAll() {
        List<Done> batch = next();
        while (!batch.isEmpty()) {
            began = System.nanoTime();
            List<Runnable> rest = write(batch);
            int left = unwritten.addAndGet(-batch.size());
            if (left <= 0) { // what is taken before it is counted makes it fall below
                last(rest);
                return;
            }
            rest.forEach(this::beside);
            gather(batch.size(), left);
            batch = next();
        }
    }

    /** One of them may have to wait, so only one is left to this thread. */
    private void last(List<Runnable> rest) {
        int last = rest.size() - 1;
        rest.subList(0, last).forEach(this::beside);
        rest.get(last).run();
    }

    private static void gather(int before, int now) {
        if (before > 1 && now < ENOUGH) {
            LockSupport.parkNanos(MOMENT);
        }
    }

    private List<Done> next() {
        List<Done> batch = new ArrayList<>();
        for (Done done = waiting.poll(); done != null; done = batch.size() < MOST ? waiting.poll() : null) {
            batch.add(done);
        }
        return batch;
    }

    /** Returns what is still to be done when others may write again; none of it throws. */
    private List<Runnable> write(List<Done> batch) {
        try {
            List<Long> completed =
                    completing.completeAll(batch.stream().map(Done::run).toList());
            return tell(batch, completed.size() == batch.size() ? null : Set.copyOf(completed));
        } catch (RuntimeException | Error failure) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "%d results could not be written together; each is written by itself".formatted(batch.size()),
                    failure);
            return batch.stream().map(done -> alone(done, true)).toList();
        }
    }

    /** In portions, so that an observer that takes its time delays only some. */
    private List<Runnable> tell(List<Done> batch, @Nullable Set<Long> completed) {
        List<Runnable> rest = new ArrayList<>();
        List<Done> written = new ArrayList<>();
        Set<Long> doubled = completed == null ? Set.of() : doubled(batch);
        for (Done done : batch) {
            long id = done.run().job().id();
            if (doubled.contains(id)) {
                rest.add(alone(done, true)); // two runs of a job, and the answer names only the job
            } else if (completed != null && !completed.contains(id)) {
                rest.add(alone(done, false));
            } else {
                written.add(done);
            }
        }
        for (int from = 0; from < written.size(); from += PORTION) {
            List<Done> portion = written.subList(from, Math.min(from + PORTION, written.size()));
            rest.add(() -> portion.forEach(done -> guarded(done, done::written)));
        }
        return rest;
    }

    private static Set<Long> doubled(List<Done> batch) {
        Set<Long> seen = new HashSet<>();
        return batch.stream()
                .map(done -> done.run().job().id())
                .filter(id -> !seen.add(id))
                .collect(Collectors.toSet());
    }

    private static Runnable alone(Done done, boolean again) {
        return () -> guarded(done, () -> done.writeAlone(again));
    }

    private static void guarded(Done done, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failure) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "The end of job %d could not be told"
                            .formatted(done.run().job().id()),
                    failure);
        }
    }

    private void beside(Runnable task) {
        try {
            executor.execute(task);
        } catch (RuntimeException | Error refused) {
            task.run();
        }
    }
}
