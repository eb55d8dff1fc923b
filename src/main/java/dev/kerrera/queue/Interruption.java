package dev.kerrera.queue;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * What tells a run to end before its time. It reaches the worker and nothing else: a result is written in peace, unless the queue
 * is being stopped. Thread-safe.
 */
final class Interruption {

    /** Why; a later one outranks an earlier one. */
    enum Reason {
        STOP,
        TIMEOUT,
        CANCEL
    }

    private final CountDownLatch stop = new CountDownLatch(1);
    private @Nullable Thread performing; // guarded by this
    private @Nullable Reason reason; // guarded by this

    /** The worker is about to run on this thread; false when it is not to begin at all. */
    synchronized boolean enter() {
        if (reason != null) {
            return false;
        }
        performing = Thread.currentThread();
        return true;
    }

    /** The worker has ended; an interrupt that came at the last moment must not hit what follows. */
    synchronized void leave() {
        if (performing != null) {
            performing = null;
            Thread.interrupted();
        }
    }

    /** Interrupts the worker; false when it does not run, or was interrupted for this reason or a graver one before. */
    synchronized boolean interrupt(Reason why) {
        if (why == Reason.STOP) {
            stop.countDown();
        } else if (reason != null && reason.compareTo(why) >= 0) {
            return false;
        }
        reason = reason == null || reason.compareTo(why) < 0 ? why : reason;
        Thread worker = performing;
        if (worker == null) {
            return false;
        }
        worker.interrupt();
        return true;
    }

    /** Why the run is to end, if it is. */
    synchronized Optional<Reason> reason() {
        return Optional.ofNullable(reason);
    }

    /** The thread the worker runs on, while it does. */
    synchronized Optional<Thread> performing() {
        return Optional.ofNullable(performing);
    }

    /** Open once the queue is being stopped. */
    CountDownLatch stop() {
        return stop;
    }
}
