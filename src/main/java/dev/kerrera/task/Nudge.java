package dev.kerrera.task;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a task soon after it is nudged, and never twice at the same time.
 *
 * <p>A nudge is never lost and never queued: while the task runs any number of nudges make it run once more. An idle task
 * holds no thread. Thread-safe.
 */
public final class Nudge {

    private static final System.Logger LOG = System.getLogger(Nudge.class.getName());

    private final Runnable task;
    private final Sequel sequel;
    private final Executor executor;
    private final AtomicInteger nudges = new AtomicInteger();

    public Nudge(Runnable task, Executor executor) {
        this(task, Sequel.NONE, executor);
    }

    /** @param sequel what the thread goes on with after the task; meanwhile another thread follows further nudges */
    public Nudge(Runnable task, Sequel sequel, Executor executor) {
        this.task = task;
        this.sequel = sequel;
        this.executor = executor;
    }

    /** What comes of a task. */
    public interface Sequel {

        Sequel NONE = () -> false;

        /** Whether the task has left anything to do. */
        boolean isWanted();

        /** Does it; it may take as long as it likes. */
        default void run() {}
    }

    /** Has the task run from its start once more. Never blocks, never throws. */
    public void nudge() {
        if (nudges.getAndIncrement() == 0) {
            try {
                executor.execute(this::run);
            } catch (RuntimeException | Error refused) {
                nudges.set(0);
                LOG.log(System.Logger.Level.DEBUG, "The executor takes no work; the next nudge tries again", refused);
            }
        }
    }

    private void run() {
        int answered;
        do {
            answered = nudges.get();
            attempt(task);
        } while (!nudges.compareAndSet(answered, 0) && !(sequel.isWanted() && leaveToAnother()));
        if (sequel.isWanted()) {
            attempt(sequel::run);
        }
    }

    private boolean leaveToAnother() {
        try {
            executor.execute(this::run);
            return true;
        } catch (RuntimeException | Error refused) {
            LOG.log(System.Logger.Level.DEBUG, "The executor takes no work; this thread goes on", refused);
            return false;
        }
    }

    private static void attempt(Runnable work) {
        try {
            work.run();
        } catch (Throwable failure) {
            LOG.log(System.Logger.Level.WARNING, "A task failed; it runs again at the next nudge", failure);
        }
    }
}
