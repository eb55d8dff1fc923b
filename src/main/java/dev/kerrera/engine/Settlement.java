package dev.kerrera.engine;

import dev.kerrera.job.JobState;
import java.time.Duration;

/** What is to become of a job that was run. */
public sealed interface Settlement {

    /** The state the job is given. */
    JobState state();

    /** It is done. */
    record Complete() implements Settlement {
        @Override
        public JobState state() {
            return JobState.COMPLETED;
        }
    }

    /**
     * It failed and is tried again.
     *
     * @param error why, as it is kept
     * @param backoff how much later
     */
    record Retry(String error, Duration backoff) implements Settlement {
        @Override
        public JobState state() {
            return JobState.RETRYABLE;
        }
    }

    /**
     * It failed for good.
     *
     * @param error why, as it is kept
     * @param exhausted whether its attempts were used up, rather than its worker giving it up
     */
    record Discard(String error, boolean exhausted) implements Settlement {
        @Override
        public JobState state() {
            return JobState.DISCARDED;
        }
    }

    /**
     * It is no longer wanted.
     *
     * @param error why, as it is kept
     */
    record Cancel(String error) implements Settlement {
        @Override
        public JobState state() {
            return JobState.CANCELLED;
        }
    }

    /**
     * It asked to run later, which uses up no attempt.
     *
     * @param delay how much later
     */
    record Snooze(Duration delay) implements Settlement {
        @Override
        public JobState state() {
            return JobState.SCHEDULED;
        }
    }

    /**
     * It was cancelled from outside while it ran.
     *
     * @param error that it was, as it is kept
     */
    record Kill(String error) implements Settlement {
        @Override
        public JobState state() {
            return JobState.CANCELLED;
        }
    }

    /** It was interrupted through no fault of its own, which uses up no attempt. */
    record Release() implements Settlement {
        @Override
        public JobState state() {
            return JobState.AVAILABLE;
        }
    }
}
