package dev.kerrera.queue;

import dev.kerrera.engine.Settlement;
import dev.kerrera.job.Backoff;
import dev.kerrera.job.ErrorText;
import dev.kerrera.job.Job;
import dev.kerrera.queue.Interruption.Reason;
import dev.kerrera.worker.Failure;
import dev.kerrera.worker.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a job from how its run ended, as Oban does. */
final class Verdict {

    private static final System.Logger LOG = System.getLogger(Verdict.class.getName());

    private final RandomGenerator random;

    Verdict(RandomGenerator random) {
        this.random = random;
    }

    /** For a worker that returned. */
    Settlement on(Job job, @Nullable Outcome outcome, BiFunction<Job, Failure, Optional<Duration>> own) {
        if (outcome == null) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "%s returned null for job %d, which counts as Outcome.ok()".formatted(job.worker(), job.id()));
        } else if (outcome instanceof Outcome.Failed failed) {
            return failure(job, new Failure(ErrorText.error(job.worker(), failed.reason()), null), own);
        } else if (outcome instanceof Outcome.Cancelled cancelled) {
            return new Settlement.Cancel(ErrorText.cancel(job.worker(), cancelled.reason()));
        } else if (outcome instanceof Outcome.Discarded discarded) {
            return new Settlement.Discard(ErrorText.discard(job.worker(), discarded.reason()), false);
        } else if (outcome instanceof Outcome.Snoozed snoozed) {
            return new Settlement.Snooze(snoozed.delay());
        }
        return new Settlement.Complete();
    }

    /** For a worker that threw. */
    Settlement on(Job job, Throwable thrown, BiFunction<Job, Failure, Optional<Duration>> own) {
        return failure(job, new Failure(ErrorText.of(thrown), thrown), own);
    }

    /** For a worker that was interrupted and has not ended well in spite of it. */
    Settlement on(
            Job job, Reason interrupted, Optional<Duration> timeout, BiFunction<Job, Failure, Optional<Duration>> own) {
        return switch (interrupted) {
            case STOP -> new Settlement.Release();
            case CANCEL -> new Settlement.Kill(ErrorText.shutdown(job.worker()));
            case TIMEOUT ->
                failure(job, new Failure(ErrorText.timeout(job.worker(), timeout.orElse(Duration.ZERO)), null), own);
        };
    }

    private Settlement failure(Job job, Failure failure, BiFunction<Job, Failure, Optional<Duration>> own) {
        if (job.attempt() >= job.maxAttempts()) {
            return new Settlement.Discard(failure.error(), true);
        }
        Duration backoff =
                own.apply(job, failure).orElseGet(() -> Backoff.of(job.attempt(), job.maxAttempts(), random));
        return new Settlement.Retry(failure.error(), backoff);
    }
}
