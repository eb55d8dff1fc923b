package dev.kerrera.job;

import dev.kerrera.job.InvalidJobException.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What makes a new job the same as one that is stored already, so that it is not inserted a second time. Oban: the option
 * {@code unique}.
 *
 * <pre>{@code
 * NewJob.of("report", Map.of("month", 5)).unique(Unique.within(Duration.ofHours(1)).keys("month"))
 * }</pre>
 *
 * <p>A stored job is the same when it has the same {@linkplain #fields fields}, is in one of the {@linkplain #states states},
 * and is not older than the {@linkplain #period period}. The insert then returns that job, marked as {@linkplain
 * Job#isConflict conflict}. Inserts of one rule wait for each other, on all nodes: of jobs that are the same one is inserted,
 * and the others are given its row once its transaction has committed, or take its place when it rolled back. Nodes of Elixir
 * lock in a way of their own, so a job inserted there at the same moment may be missed.
 *
 * <p>What is not said is taken from the worker, part by part, and then from these defaults: the fields args, queue and worker,
 * no keys, a period of 60 seconds, the {@linkplain JobState#successful successful} states, and the moment of the insert.
 *
 * <p>Immutable and thread-safe: each method returns a new value. Mistakes are reported by the insert, in an {@link
 * InvalidJobException} under the field {@code unique}.
 */
public final class Unique {

    /** What two jobs are compared by. */
    public enum Field {
        /** The arguments, all of them or those named by {@link Unique#keys}. */
        ARGS,
        /** The metadata, all of it or what is named by {@link Unique#keys}. */
        META,
        /** The queue. */
        QUEUE,
        /** The worker. */
        WORKER
    }

    /** What the age of a stored job is counted from. */
    public enum Timestamp {
        /** The moment of its insert. */
        INSERTED_AT,
        /** The moment from which it may run, or could have. */
        SCHEDULED_AT
    }

    private static final Duration EVER = ChronoUnit.FOREVER.getDuration();
    private static final Unique NONE = new Unique(null);
    private static final Unique OPTIONS = new Unique(UniqueParts.UNSAID);

    /** Null when there is no uniqueness. */
    private final @Nullable UniqueParts parts;

    private Unique(@Nullable UniqueParts parts) {
        this.parts = parts;
    }

    /** Among the jobs of this age; everything else is left open. See {@link #period}. */
    public static Unique within(Duration period) {
        return OPTIONS.period(period);
    }

    /** By the defaults and without a limit of age, whatever the worker says. Oban: {@code unique: true}. */
    public static Unique forever() {
        return new Unique(UniqueParts.DEFAULTS.withPeriod(EVER));
    }

    /** Not at all, whatever the worker says. Oban: {@code unique: false}. */
    public static Unique none() {
        return NONE;
    }

    /** With everything left open, to begin with what differs from the worker's rule or from the defaults. */
    public static Unique options() {
        return OPTIONS;
    }

    /** What is compared, at least one field. Default: args, queue and worker. */
    public Unique fields(Field... fields) {
        return new Unique(said().withFields(UniqueParts.set(Field.class, Arrays.asList(fields))));
    }

    /**
     * Which keys of the args, and of the metadata where it is compared, instead of all. A key that the new job does not have is
     * not compared; when it has none of them, only a job with empty args is the same. Values that are objects or arrays need
     * only contain those of the new job. Default: none, which compares everything.
     */
    public Unique keys(String... keys) {
        return new Unique(said().withKeys(List.of(keys)));
    }

    /** How old the stored job may be, more than zero; counted in microseconds. Default: 60 seconds. */
    public Unique period(Duration period) {
        return new Unique(said().withPeriod(Objects.requireNonNull(period, "period")));
    }

    /** The stored job may be of any age. Oban: {@code period: :infinity}. */
    public Unique ever() {
        return period(EVER);
    }

    /** The states of a stored job that counts, at least one. Default: {@link JobState#successful}. */
    public Unique states(JobState... states) {
        return states(UniqueParts.set(JobState.class, Arrays.asList(states)));
    }

    /** The states of a stored job that counts, such as {@link JobState#incomplete}. */
    public Unique states(Set<JobState> states) {
        return new Unique(said().withStates(UniqueParts.set(JobState.class, states)));
    }

    /** What the age is counted from. Default: {@link Timestamp#INSERTED_AT}. */
    public Unique timestamp(Timestamp timestamp) {
        return new Unique(said().withTimestamp(Objects.requireNonNull(timestamp, "timestamp")));
    }

    /** Everything wrong with it. Internal: what a deployment asks before any job is made. */
    public List<Problem> problems() {
        return parts == null ? List.of() : parts.orDefaults().problems();
    }

    /** This rule where it says something, and the other where it does not. */
    Unique over(@Nullable Unique other) {
        return parts == null || other == null || other.parts == null ? this : new Unique(parts.over(other.parts));
    }

    /** The rule with its defaults; null when there is none. */
    @Nullable UniqueRule rule(Instant now) {
        return parts == null ? null : parts.orDefaults().rule(now);
    }

    private UniqueParts said() {
        return parts == null ? UniqueParts.UNSAID : parts;
    }

    /** By what was said. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Unique unique && Objects.equals(parts, unique.parts);
    }

    /** By what was said. */
    @Override
    public int hashCode() {
        return Objects.hashCode(parts);
    }

    /** What was said; null where nothing was. */
    @Override
    public String toString() {
        return "Unique[" + (parts == null ? "none" : parts) + "]";
    }
}
