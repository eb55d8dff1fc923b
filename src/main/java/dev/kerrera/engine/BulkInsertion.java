package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.JobDraft;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Puts any number of jobs into the table. */
public final class BulkInsertion {

    private final BatchInsertion batches;
    private final UniqueInsertion unique;
    private final UniqueLocks locks;

    public BulkInsertion(Jdbc jdbc, Prefix prefix, UniqueInsertion unique) {
        this.batches = new BatchInsertion(jdbc, prefix);
        this.unique = unique;
        this.locks = new UniqueLocks(jdbc, prefix);
    }

    /**
     * Begins with jobs of which nobody knows how many will come. To be used inside one transaction.
     *
     * @param ids is given the id of each job in the order in which they are added; of the stored one for a job that is not inserted
     */
    public Bulk begin(@Nullable LongConsumer ids) {
        return new Bulk(batches, unique, locks, ids);
    }

    /** Inserts jobs that are all known. To be used inside one transaction. */
    public Bulk insert(List<JobDraft> drafts, @Nullable LongConsumer ids) {
        Bulk bulk = begin(ids);
        bulk.lockAll(drafts);
        drafts.forEach(bulk::add);
        bulk.end();
        return bulk;
    }
}
