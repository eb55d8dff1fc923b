package dev.kerrera.insert;

import dev.kerrera.engine.Insertion;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobState;
import dev.kerrera.job.NewJob;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.worker.WorkerRegistry;
import java.time.Clock;

/** Puts jobs into the table in the caller's transaction and has their queues told once it has committed. Thread-safe. */
public final class Inserter {

    private final Insertion insertion;
    private final WorkerRegistry workers;
    private final Notifier notifier;
    private final Clock clock;

    public Inserter(Insertion insertion, WorkerRegistry workers, Notifier notifier, Clock clock) {
        this.insertion = insertion;
        this.workers = workers;
        this.notifier = notifier;
        this.clock = clock;
    }

    /** Inserts one job, with the defaults of its worker where this application has it. */
    public Job insert(NewJob job) {
        Job inserted = insertion.insert(withDefaults(job).resolve(clock));
        if (inserted.state() == JobState.AVAILABLE) {
            notifier.announce(inserted.queue());
        }
        return inserted;
    }

    /** A job for the worker of that class. */
    public NewJob jobFor(Class<?> worker, Object args) {
        return NewJob.of(workers.of(worker).name(), args);
    }

    private NewJob withDefaults(NewJob job) {
        return workers.find(job.worker())
                .map(worker -> job.withDefaults(worker.defaults()))
                .orElse(job);
    }
}
