package dev.kerrera.queue;

import dev.kerrera.engine.Completing;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes down that jobs are done, many by one statement.
 *
 * <p>The thread that ends a job while nobody writes does so at once, and what ends meanwhile goes with its next statement: nothing
 * waits for company unless many come anyway: then a moment is given to let them become enough for a statement. If one fails, each of its results is written by itself; so is
 * that of a job that no longer belongs to its run. Thread-safe.
 */
final class Completions {

    private static final System.Logger LOG = System.getLogger(Completions.class.getName());
    private static final int MOST = 1_000;
    private static final int ENOUGH = 100;
    private static final int FEW = 8;
    private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(1);

    private final Completing completing;
    private final Executor executor;
    private final Queue<Done> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unwritten = new AtomicInteger();

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

    private void writeAll() {
        int left;
        do {
            List<Done> batch = next();
            Runnable rest = write(batch);
            left = unwritten.addAndGet(-batch.size());
            if (left <= 0) { // what is taken before it is counted makes it fall below
                rest.run();
            } else {
                beside(rest);
                gather(batch.size(), left);
            }
        } while (left > 0);
    }

    private static void gather(int before, int now) {
        if (before > FEW && now < ENOUGH) {
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

    /** Returns what is still to be done when others may write again. */
    private Runnable write(List<Done> batch) {
        try {
            List<Long> completed =
                    completing.completeAll(batch.stream().map(Done::run).toList());
            return completed.size() == batch.size()
                    ? () -> batch.forEach(Done::written)
                    : () -> tell(batch, Set.copyOf(completed));
        } catch (RuntimeException | Error failure) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "%d results could not be written together; each is written by itself".formatted(batch.size()),
                    failure);
        }
        return () -> batch.forEach(done -> beside(() -> done.writeAlone(true)));
    }

    private void tell(List<Done> batch, Set<Long> completed) {
        for (Done done : batch) {
            if (completed.contains(done.run().job().id())) {
                done.written();
            } else {
                beside(() -> done.writeAlone(false));
            }
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
