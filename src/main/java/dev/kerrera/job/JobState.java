package dev.kerrera.job;

import jakarta.persistence.EnumeratedValue;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a job stands in its life, and where it may go from there. Oban: {@code Oban.Job} states, the PostgreSQL type
 * {@code oban_job_state}.
 *
 * <p>The constants stand in the order of the database type, so comparing two states in Java and sorting by the column
 * agree.
 *
 * <pre>
 *              stage, retry                 fetch
 *  SCHEDULED ───────────────► AVAILABLE ───────────► EXECUTING ──► COMPLETED
 *  SUSPENDED ───────────────►   ▲    ▲ ◄──────────── │ │ │ │ ────► DISCARDED
 *  RETRYABLE ───────────────────┘    │ rescue,       │ │ │ └─────► CANCELLED
 *      ▲                             │ release       │ │ snooze
 *      └─────────── error ───────────┼───────────────┘ └─────────► SCHEDULED
 *  COMPLETED, DISCARDED, CANCELLED ──┘ retry
 *  AVAILABLE, SUSPENDED, SCHEDULED, RETRYABLE ──► CANCELLED  cancel
 * </pre>
 */
public enum JobState {
    /** Ready to be fetched by a queue. */
    AVAILABLE,
    /** Held back until something resumes it; never staged by itself. */
    SUSPENDED,
    /** Waiting for its scheduled time. */
    SCHEDULED,
    /** Fetched, and running on some node. */
    EXECUTING,
    /** Failed, with attempts left; waiting for its next attempt. */
    RETRYABLE,
    /** Ended well. */
    COMPLETED,
    /** Failed for the last time, or given up by its worker. */
    DISCARDED,
    /** Ended by an operator or by its worker's own decision. */
    CANCELLED;

    private static final Map<JobState, Set<JobState>> MOVES = Map.of(
            AVAILABLE, Set.of(EXECUTING, CANCELLED),
            SUSPENDED, Set.of(AVAILABLE, CANCELLED),
            SCHEDULED, Set.of(AVAILABLE, CANCELLED),
            EXECUTING, Set.of(AVAILABLE, SCHEDULED, RETRYABLE, COMPLETED, DISCARDED, CANCELLED),
            RETRYABLE, Set.of(AVAILABLE, CANCELLED),
            COMPLETED, Set.of(AVAILABLE),
            DISCARDED, Set.of(AVAILABLE),
            CANCELLED, Set.of(AVAILABLE));

    private static final Map<String, JobState> BY_LABEL =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(JobState::label, Function.identity()));

    private static final Set<JobState> ALL = Collections.unmodifiableSet(EnumSet.allOf(JobState.class));
    private static final Set<JobState> INCOMPLETE =
            Collections.unmodifiableSet(EnumSet.of(AVAILABLE, SUSPENDED, SCHEDULED, EXECUTING, RETRYABLE));
    private static final Set<JobState> WAITING_FOR_TIME = Collections.unmodifiableSet(EnumSet.of(SCHEDULED));
    private static final Set<JobState> SUCCESSFUL =
            Collections.unmodifiableSet(EnumSet.of(AVAILABLE, SUSPENDED, SCHEDULED, EXECUTING, RETRYABLE, COMPLETED));

    @EnumeratedValue
    private final String label;

    JobState() {
        label = name().toLowerCase(Locale.ROOT);
    }

    /** The state as the database and the wire spell it: lower case, {@code "available"} and so on. */
    public String label() {
        return label;
    }

    /**
     * The state with this label.
     *
     * @param label the lower-case spelling, exactly as {@link #label()} gives it
     * @throws IllegalArgumentException when no state has this label; the message names the label and the known ones
     */
    public static JobState of(@Nullable String label) {
        JobState state = label == null ? null : BY_LABEL.get(label);
        if (state == null) {
            throw new IllegalArgumentException("unknown job state \"" + label + "\", known are: "
                    + Arrays.stream(values()).map(JobState::label).collect(Collectors.joining(", ")));
        }
        return state;
    }

    /** Every state. Oban: the states group {@code :all}. */
    public static Set<JobState> all() {
        return ALL;
    }

    /** The states of a job that has not ended yet. Oban: the states group {@code :incomplete}. */
    public static Set<JobState> incomplete() {
        return INCOMPLETE;
    }

    /** {@link #SCHEDULED} alone. Oban: the states group {@code :scheduled}. */
    public static Set<JobState> scheduled() {
        return WAITING_FOR_TIME;
    }

    /**
     * The states of a job that has not ended, or has ended well. Oban: the states group {@code :successful}, the default
     * of uniqueness.
     */
    public static Set<JobState> successful() {
        return SUCCESSFUL;
    }

    /**
     * Whether some transition leads from this state straight to {@code next}: fetch, complete, error, discard, snooze,
     * cancel, retry, stage, rescue or release. Staying put is no transition. Changing a job's scheduled time is an
     * edit of the row and not covered here.
     */
    public boolean canBecome(JobState next) {
        return MOVES.getOrDefault(this, Set.of()).contains(next);
    }
}
