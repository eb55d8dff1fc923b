package dev.kerrera.insert;

import dev.kerrera.job.BulkResult;
import dev.kerrera.job.JobDraft;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Jobs that are written together, once, by whoever comes first: a thread that was asked to, or the one that waits. Thread-safe. */
final class ImportBatch implements Runnable {

    private static final System.Logger LOG = System.getLogger(ImportBatch.class.getName());

    private final List<JobDraft> drafts;
    private final Function<List<JobDraft>, BulkResult> write;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<BulkResult> result = new CompletableFuture<>();

    ImportBatch(List<JobDraft> drafts, Function<List<JobDraft>, BulkResult> write) {
        this.drafts = drafts;
        this.write = write;
    }

    void offerTo(Executor executor) {
        try {
            executor.execute(this);
        } catch (RuntimeException | Error refusal) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "No thread for a batch of jobs, so the thread that brings them writes it",
                    refusal);
        }
    }

    @Override
    public void run() {
        if (begun.compareAndSet(false, true)) {
            try {
                result.complete(write.apply(drafts));
            } catch (RuntimeException | Error failure) {
                result.completeExceptionally(failure);
            }
        }
    }

    /** What became of it. An executor may be busy for long, or drop what it has accepted, so a batch that nobody has begun is written here. */
    BulkResult await(Executor here) {
        if (!begun.get()) {
            here.execute(this);
        }
        try {
            return result.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException exception) {
                throw exception;
            } else if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw failed;
        }
    }
}
