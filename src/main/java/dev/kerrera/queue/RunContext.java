package dev.kerrera.queue;

import dev.kerrera.job.Job;
import dev.kerrera.worker.JobContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the worker sees of its run. */
record RunContext(Job job, Optional<Instant> deadline, Interruption interruption, Progress progress)
        implements JobContext {

    @Override
    public boolean isCancelled() {
        return interruption.reason().filter(Interruption.Reason.CANCEL::equals).isPresent();
    }

    @Override
    public boolean shouldStop() {
        return interruption.reason().isPresent();
    }

    @Override
    public long fencingToken() {
        return ChronoUnit.MICROS.between(
                Instant.EPOCH, Objects.requireNonNull(job.attemptedAt(), "a fetched job has been attempted"));
    }

    @Override
    public void progress(long done, long total, @Nullable String note) {
        progress.report(done, total, note);
    }
}
