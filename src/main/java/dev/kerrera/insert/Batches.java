package dev.kerrera.insert;

import dev.kerrera.engine.Portion;
import dev.kerrera.job.BulkResult;
import dev.kerrera.job.JobDraft;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that are written beside the thread that brings them, two batches at a time while a third is gathered. Once a batch has
 * failed no other is begun. To be used by one thread.
 */
final class Batches {

    private static final int AT_ONCE = 2;

    private final Function<List<JobDraft>, BulkResult> write;
    private final Consumer<Runnable> beside;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final Portion portion = new Portion();
    private final LongAdder inserted = new LongAdder();
    private final LongAdder conflicts = new LongAdder();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Batches(Function<List<JobDraft>, BulkResult> write, Consumer<Runnable> beside) {
        this.write = write;
        this.beside = beside;
    }

    /** The next one. */
    void add(JobDraft draft) {
        if (portion.isFull()) {
            handOver();
        }
        portion.add(draft);
    }

    /** After the last one: returns when all are written. */
    BulkResult end() {
        if (!portion.isEmpty()) {
            handOver();
        }
        places.acquireUninterruptibly(AT_ONCE);
        ensureNoneFailed();
        return new BulkResult(inserted.sum(), conflicts.sum());
    }

    /** When no more will come: returns when those before are written, unless it was one of them that failed. */
    void endAfter(Throwable cause) {
        try {
            end();
        } catch (Throwable another) {
            if (another != cause) {
                cause.addSuppressed(another);
            }
        }
    }

    private void handOver() {
        places.acquireUninterruptibly();
        boolean handed = false;
        try {
            ensureNoneFailed();
            List<JobDraft> batch = portion.take();
            beside.accept(() -> writeAndGiveUpPlace(batch));
            handed = true;
        } finally {
            if (!handed) {
                places.release();
            }
        }
    }

    private void writeAndGiveUpPlace(List<JobDraft> batch) {
        try {
            BulkResult result = write.apply(batch);
            inserted.add(result.inserted());
            conflicts.add(result.conflicts());
        } catch (RuntimeException | Error thrown) {
            fail(thrown);
        } finally {
            places.release();
        }
    }

    private void fail(Throwable thrown) {
        Throwable first = failure.compareAndExchange(null, thrown);
        if (first != null) {
            first.addSuppressed(thrown);
        }
    }

    private void ensureNoneFailed() {
        Throwable thrown = failure.get();
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        } else if (thrown instanceof Error error) {
            throw error;
        }
    }
}
