package dev.kerrera.insert;

import dev.kerrera.job.JobDraft;
import dev.kerrera.job.NewJob;
import dev.kerrera.worker.WorkerRegistry;
import java.time.Clock;

/** Decides what a new job leaves open: by its worker where this application has it. */
record Drafting(WorkerRegistry workers) {

    JobDraft draft(NewJob job, Clock clock) {
        return workers.find(job.worker())
                .map(worker -> job.withDefaults(worker.defaults()))
                .orElse(job)
                .resolve(clock);
    }
}
