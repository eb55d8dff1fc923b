package dev.kerrera.insert;

import dev.kerrera.db.Jdbc;
import dev.kerrera.engine.Bulk;
import dev.kerrera.engine.BulkInsertion;
import dev.kerrera.job.BulkResult;
import dev.kerrera.job.JobDraft;
import dev.kerrera.job.NewJob;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.worker.WorkerRegistry;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts many jobs into the table, all of them or none, and has each of their queues told once. Joins the caller's transaction.
 * Thread-safe.
 */
public final class BulkInserter {

    private final BulkInsertion insertion;
    private final Jdbc jdbc;
    private final WorkerRegistry workers;
    private final Notifier notifier;
    private final Clock clock;

    public BulkInserter(BulkInsertion insertion, Jdbc jdbc, WorkerRegistry workers, Notifier notifier, Clock clock) {
        this.insertion = insertion;
        this.jdbc = jdbc;
        this.workers = workers;
        this.notifier = notifier;
        this.clock = clock;
    }

    /** Inserts jobs that are all there; an invalid one is found before anything is written. */
    public BulkResult insertAll(Collection<NewJob> jobs, @Nullable LongConsumer ids) {
        Numbered numbered = numbered();
        return insert(jobs.stream().map(numbered::next).toList(), ids);
    }

    BulkResult insert(List<JobDraft> drafts, @Nullable LongConsumer ids) {
        return insert(() -> insertion.insert(drafts, ids));
    }

    /** Inserts jobs as they come, and closes the stream. */
    public BulkResult insertAll(Stream<NewJob> jobs, @Nullable LongConsumer ids) {
        Numbered numbered = numbered();
        try (jobs) {
            return insert(() -> {
                Bulk bulk = insertion.begin(ids);
                // Not by an iterator, which holds everything that a flatMap makes of one element.
                jobs.sequential().forEachOrdered(job -> bulk.add(numbered.next(job)));
                bulk.end();
                return bulk;
            });
        }
    }

    /** Queues are told when the work is done, because without a transaction of the caller's they are told at once. */
    private BulkResult insert(Supplier<Bulk> work) {
        Bulk bulk = jdbc.allOrNothing(work);
        bulk.wakes().forEach(notifier::announce);
        return bulk.result();
    }

    /** Each at its own moment. */
    Numbered numberedAsTheyCome() {
        return new Numbered(workers, clock);
    }

    /** All by one clock that stands still: what is the same among them is so however long they take. */
    private Numbered numbered() {
        return new Numbered(workers, Clock.fixed(clock.instant(), clock.getZone()));
    }
}
