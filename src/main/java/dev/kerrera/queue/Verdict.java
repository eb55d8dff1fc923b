package dev.kerrera.queue;

import dev.kerrera.engine.Settlement;
import dev.kerrera.job.Backoff;
import dev.kerrera.job.ErrorText;
import dev.kerrera.job.Job;
import dev.kerrera.worker.Outcome;
import java.util.random.RandomGenerator;

/** Decides what becomes of a job from how its run ended, as Oban does. */
final class Verdict {

    private final RandomGenerator random;

    Verdict(RandomGenerator random) {
        this.random = random;
    }

    /** For a worker that returned. */
    Settlement on(Job job, Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed) {
            return failure(job, ErrorText.error(job.worker(), failed.reason()));
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
    Settlement on(Job job, Throwable thrown) {
        return failure(job, ErrorText.of(thrown));
    }

    private Settlement failure(Job job, String error) {
        if (job.attempt() >= job.maxAttempts()) {
            return new Settlement.Discard(error, true);
        }
        return new Settlement.Retry(error, Backoff.of(job.attempt(), job.maxAttempts(), random));
    }
}
