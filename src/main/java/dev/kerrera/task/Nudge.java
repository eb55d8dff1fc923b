package dev.kerrera.task;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a task soon after it is nudged, and never twice at the same time.
 *
 * <p>A nudge is never lost and never queued: while the task runs any number of nudges make it run once more. An idle task
 * holds no thread. Thread-safe.
 */
public final class Nudge {

    private static final System.Logger LOG = System.getLogger(Nudge.class.getName());

    /** An executor may accept a task and drop it; then a later nudge asks for another thread. */
    private static final long LATE = TimeUnit.SECONDS.toNanos(1);

    private final Runnable task;
    private final Sequel sequel;
    private final Executor executor;
    private final AtomicInteger nudges = new AtomicInteger();
    private final AtomicBoolean coming = new AtomicBoolean(); // a thread that has not begun
    private volatile long called;

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
            if (!isCalled()) {
                nudges.set(0);
            }
        } else if (coming.get() && System.nanoTime() - called > LATE) {
            called = System.nanoTime();
            isAccepted(); // in place of one that does not come; whichever begins first is the one
        }
    }

    private boolean isCalled() {
        called = System.nanoTime();
        coming.set(true);
        return isAccepted() || !coming.compareAndSet(true, false); // one that was late may have come
    }

    private boolean isAccepted() {
        try {
            executor.execute(this::begin);
            return true;
        } catch (RuntimeException | Error refused) {
            LOG.log(System.Logger.Level.DEBUG, "The executor takes no work; a later nudge tries again", refused);
            return false;
        }
    }

    private void begin() {
        if (coming.compareAndSet(true, false)) {
            run();
        }
    }

    private void run() {
        int answered;
        do {
            answered = nudges.get();
            attempt(task);
        } while (!nudges.compareAndSet(answered, 0) && !isLeftToAnother());
        if (sequel.isWanted()) {
            attempt(sequel::run);
        }
    }

    /** This thread is to go on with what the task has left. */
    private boolean isLeftToAnother() {
        return sequel.isWanted() && isCalled();
    }

    private static void attempt(Runnable work) {
        try {
            work.run();
        } catch (Throwable failure) {
            LOG.log(System.Logger.Level.WARNING, "A task failed; it runs again at the next nudge", failure);
        }
    }
}
