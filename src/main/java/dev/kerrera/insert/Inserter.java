package dev.kerrera.insert;

import dev.kerrera.engine.Insertion;
import dev.kerrera.engine.UniqueInsertion;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobDraft;
import dev.kerrera.job.JobState;
import dev.kerrera.job.NewJob;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.worker.WorkerRegistry;
import java.time.Clock;

/** Puts jobs into the table in the caller's transaction and has their queues told once it has committed. Thread-safe. */
public final class Inserter {

    private final Insertion insertion;
    private final UniqueInsertion unique;
    private final WorkerRegistry workers;
    private final Notifier notifier;
    private final Clock clock;

    public Inserter(
            Insertion insertion, UniqueInsertion unique, WorkerRegistry workers, Notifier notifier, Clock clock) {
        this.insertion = insertion;
        this.unique = unique;
        this.workers = workers;
        this.notifier = notifier;
        this.clock = clock;
    }

    /** Inserts one job, with the defaults of its worker where this application has it, or finds the one that is the same. */
    public Job insert(NewJob job) {
        Job stored = store(job);
        announce(stored);
        return stored;
    }

    /**
     * As {@link #insert}, and tells nobody: for a transaction that is not the container's, whose end nobody else hears of. {@link
     * #announce} is for when it has committed.
     */
    public Job store(NewJob job) {
        JobDraft draft = new Drafting(workers).draft(job, clock);
        return draft.uniqueness() == null ? insertion.insert(draft) : unique.insert(draft);
    }

    /** Has the queue of a stored job told, if it can run. */
    public void announce(Job stored) {
        if (stored.state() == JobState.AVAILABLE) {
            notifier.announce(stored.queue());
        }
    }

    /** A job for the worker of that class. */
    public NewJob jobFor(Class<?> worker, Object args) {
        return NewJob.of(workers.of(worker).name(), args);
    }
}
