package dev.kerrera.insert;

import dev.kerrera.db.Jdbc;
import dev.kerrera.job.BulkResult;
import dev.kerrera.job.NewJob;
import dev.kerrera.worker.WorkerRegistry;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Puts any number of jobs into the table by batches that commit each by itself. Thread-safe. */
public final class BatchInserter {

    private final BulkInserter bulk;
    private final Jdbc jdbc;
    private final WorkerRegistry workers;
    private final Clock clock;
    private final Consumer<Runnable> beside;

    /** @param beside runs a task beside the calling thread, or on it */
    public BatchInserter(BulkInserter bulk, Jdbc jdbc, WorkerRegistry workers, Clock clock, Consumer<Runnable> beside) {
        this.bulk = bulk;
        this.jdbc = jdbc;
        this.workers = workers;
        this.clock = clock;
        this.beside = beside;
    }

    /** Inserts jobs as they come, and closes the stream. */
    public BulkResult insertInBatches(Stream<NewJob> jobs) {
        try (jobs) {
            refuseInTransaction();
            Batches batches = new Batches(drafts -> bulk.insert(drafts, null), beside);
            try {
                Numbered numbered = new Numbered(workers, clock);
                jobs.sequential().forEachOrdered(job -> batches.add(numbered.next(job)));
            } catch (Throwable failure) {
                batches.endAfter(failure);
                throw failure;
            }
            return batches.end();
        }
    }

    private void refuseInTransaction() {
        if (jdbc.inTransaction()) {
            throw new IllegalStateException(
                    "insertInBatches commits each batch by itself, but the caller is in a transaction: "
                            + "use insertAll to insert all jobs in it, or call from a method without one, such as one marked "
                            + "@TransactionAttribute(NOT_SUPPORTED)");
        }
    }
}
