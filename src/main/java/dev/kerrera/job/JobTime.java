package dev.kerrera.job;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The moments a job keeps, by which jobs are filtered and sorted. Oban: the timestamps of {@code Oban.Job}. */
public enum JobTime {
    /** When it was inserted; every job has it. */
    INSERTED_AT,
    /** When it may run, or could have; every job has it. */
    SCHEDULED_AT,
    /** When its latest attempt began; missing before the first. */
    ATTEMPTED_AT,
    /** When it ended well. */
    COMPLETED_AT,
    /** When it was discarded. */
    DISCARDED_AT,
    /** When it was cancelled. */
    CANCELLED_AT;

    private final String label;

    JobTime() {
        label = name().toLowerCase(Locale.ROOT);
    }

    /** The moment as the database spells it: {@code "inserted_at"} and so on. */
    public String label() {
        return label;
    }

    /** This moment of a job; null when it has none. */
    @Nullable Instant of(Job job) {
        return switch (this) {
            case INSERTED_AT -> job.insertedAt();
            case SCHEDULED_AT -> job.scheduledAt();
            case ATTEMPTED_AT -> job.attemptedAt();
            case COMPLETED_AT -> job.completedAt();
            case DISCARDED_AT -> job.discardedAt();
            case CANCELLED_AT -> job.cancelledAt();
        };
    }
}
