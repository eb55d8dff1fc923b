package dev.kerrera.insert;

import dev.kerrera.engine.Portion;
import dev.kerrera.job.BulkResult;
import dev.kerrera.job.JobDraft;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that are written beside the thread that brings them, two batches at a time while a third is gathered. They are waited for in
 * their order, so that nothing is missing but among the last that were brought. Once a batch has failed no other is begun. To be
 * used by one thread.
 */
final class Import {

    private static final int AT_ONCE = 2;

    private final Function<List<JobDraft>, BulkResult> write;
    private final Executor beside;
    private final Executor here;
    private final Portion portion = new Portion();
    private final Deque<ImportBatch> handedOver = new ArrayDeque<>();
    private long inserted;
    private long conflicts;
    private @Nullable Throwable failure;

    /**
     * @param write inserts a batch
     * @param beside where batches are written; one that it does not begin is written by the thread that waits for it
     * @param here runs a task on the calling thread
     */
    Import(Function<List<JobDraft>, BulkResult> write, Executor beside, Executor here) {
        this.write = write;
        this.beside = beside;
        this.here = here;
    }

    /** The next one. */
    void add(JobDraft draft) {
        if (portion.isFull()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("interrupted while importing jobs; those read so far are inserted");
            }
            handOver();
        }
        portion.add(draft);
    }

    /** After the last one: returns when all are written. */
    BulkResult end() {
        if (!portion.isEmpty()) {
            handOver();
        }
        while (!handedOver.isEmpty()) {
            awaitOldest();
        }
        ensureNoneFailed();
        return new BulkResult(inserted, conflicts);
    }

    /** When no more will come: returns when those before are written. When one of them fails, that is the worse news, and thrown. */
    void endAfter(Throwable cause) {
        if (cause == failure) {
            return;
        }
        try {
            end();
        } catch (RuntimeException | Error worse) {
            worse.addSuppressed(cause);
            throw worse;
        }
    }

    private void handOver() {
        ensureNoneFailed();
        if (handedOver.size() == AT_ONCE) {
            awaitOldest();
        }
        ImportBatch batch = new ImportBatch(portion.take(), write);
        handedOver.add(batch);
        batch.offerTo(beside);
    }

    private void awaitOldest() {
        try {
            count(handedOver.remove());
        } catch (RuntimeException | Error thrown) {
            failure = thrown;
            awaitOthers(thrown);
            throw thrown;
        }
    }

    private void awaitOthers(Throwable thrown) {
        while (!handedOver.isEmpty()) {
            try {
                count(handedOver.remove());
            } catch (RuntimeException | Error another) {
                thrown.addSuppressed(another);
            }
        }
    }

    private void count(ImportBatch batch) {
        BulkResult result = batch.await(here);
        inserted += result.inserted();
        conflicts += result.conflicts();
    }

    /** A stream may catch what it is thrown. */
    private void ensureNoneFailed() {
        if (failure instanceof RuntimeException exception) {
            throw exception;
        } else if (failure instanceof Error error) {
            throw error;
        }
    }
}
