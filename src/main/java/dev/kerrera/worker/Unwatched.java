package dev.kerrera.worker;

import dev.kerrera.job.Job;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A run outside any queue. */
record Unwatched(Job job) implements JobContext {

    @Override
    public Optional<Instant> deadline() {
        return Optional.empty();
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public boolean shouldStop() {
        return false;
    }

    @Override
    public long fencingToken() {
        Instant attemptedAt = job.attemptedAt();
        return attemptedAt == null ? 0 : ChronoUnit.MICROS.between(Instant.EPOCH, attemptedAt);
    }

    @Override
    public void progress(long done, long total, @Nullable String note) {
        // nobody watches
    }
}
