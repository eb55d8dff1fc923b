package dev.kerrera.insert;

import dev.kerrera.db.Jdbc;
import dev.kerrera.job.BulkResult;
import dev.kerrera.job.NewJob;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** Puts any number of jobs into the table by batches that commit each by itself. Thread-safe. */
public final class Importer {

    private final BulkInserter bulk;
    private final Jdbc jdbc;
    private final Executor beside;
    private final Executor here;

    /**
     * @param beside where batches are written
     * @param here runs a task on the calling thread, apart from what that does with its connections
     */
    public Importer(BulkInserter bulk, Jdbc jdbc, Executor beside, Executor here) {
        this.bulk = bulk;
        this.jdbc = jdbc;
        this.beside = beside;
        this.here = here;
    }

    /** Inserts jobs as they come, and closes the stream. */
    public BulkResult insertInBatches(Stream<NewJob> jobs) {
        try (jobs) {
            refuseInTransaction();
            Import batches = new Import(drafts -> bulk.insert(drafts, null), beside, here);
            try {
                Numbered numbered = bulk.numberedAsTheyCome();
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
