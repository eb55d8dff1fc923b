package dev.kerrera.worker;

import java.time.Duration;
import java.util.Objects;

/**
 * How a run of a job ended; the return value of Oban's {@code perform/1}. Immutable.
 *
 * <p>An exception thrown by the worker is an {@linkplain #error error} that keeps its stack trace.
 */
public sealed interface Outcome {

    /** The job is done and becomes {@code completed}. */
    static Outcome ok() {
        return Ok.OK;
    }

    /**
     * The attempt failed. The job becomes {@code retryable} and is tried again after a backoff, or {@code discarded} when this was
     * its last attempt.
     *
     * @param reason why, kept in the job's errors
     */
    static Outcome error(String reason) {
        return new Failed(reason);
    }

    /**
     * The job is no longer wanted. It becomes {@code cancelled}, whatever attempts are left.
     *
     * @param reason why, kept in the job's errors
     */
    static Outcome cancel(String reason) {
        return new Cancelled(reason);
    }

    /**
     * The job can never succeed. It becomes {@code discarded}, whatever attempts are left.
     *
     * @param reason why, kept in the job's errors
     */
    static Outcome discard(String reason) {
        return new Discarded(reason);
    }

    /**
     * The job should run later. It becomes {@code scheduled} and this run does not count as an attempt.
     *
     * @param delay how much later, from zero to a thousand years
     * @throws IllegalArgumentException when the delay is negative or longer
     */
    static Outcome snooze(Duration delay) {
        return new Snoozed(delay);
    }

    /** See {@link #ok}. */
    enum Ok implements Outcome {
        OK
    }

    /** See {@link #error}. */
    record Failed(String reason) implements Outcome {
        public Failed {
            Objects.requireNonNull(reason, "reason must be set");
        }
    }

    /** See {@link #cancel}. */
    record Cancelled(String reason) implements Outcome {
        public Cancelled {
            Objects.requireNonNull(reason, "reason must be set");
        }
    }

    /** See {@link #discard}. */
    record Discarded(String reason) implements Outcome {
        public Discarded {
            Objects.requireNonNull(reason, "reason must be set");
        }
    }

    /** See {@link #snooze}. */
    record Snoozed(Duration delay) implements Outcome {
        private static final Duration LONGEST = Duration.ofDays(365_000);

        public Snoozed {
            if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("delay must be zero to " + LONGEST + ", was " + delay);
            }
        }
    }
}
