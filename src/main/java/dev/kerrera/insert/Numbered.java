package dev.kerrera.insert;

import dev.kerrera.job.InvalidJobException;
import dev.kerrera.job.JobDraft;
import dev.kerrera.job.NewJob;
import dev.kerrera.worker.WorkerRegistry;
import java.time.Clock;
import java.util.Objects;

/** Makes drafts of many jobs, and tells which of them is invalid. Not thread-safe. */
final class Numbered {

    private final Drafting drafting;
    private final Clock clock;
    private long position;

    Numbered(WorkerRegistry workers, Clock clock) {
        this.drafting = new Drafting(workers);
        this.clock = clock;
    }

    JobDraft next(NewJob job) {
        position++;
        Objects.requireNonNull(job, () -> "job " + position + " of the stream is null");
        try {
            return drafting.draft(job, clock);
        } catch (InvalidJobException invalid) {
            throw invalid.at(position);
        }
    }
}
