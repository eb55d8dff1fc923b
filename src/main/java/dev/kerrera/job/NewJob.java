package dev.kerrera.job;

import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job to be inserted: its worker, its arguments, and the options that differ from the worker's own. Oban: the changeset
 * of {@code Oban.Job.new/2}.
 *
 * <pre>{@code
 * NewJob.of("mail", new Welcome(user.id())).queue("mail").in(Duration.ofMinutes(5))
 * }</pre>
 *
 * <p>Immutable and thread-safe: each option method returns a new value, and one value may be inserted many times. Options
 * not given stay unset, and are filled by the worker's defaults, then by the defaults named below. Passing null unsets an
 * option again. Nothing is validated before the insert, which then reports all problems in one {@link
 * InvalidJobException}.
 */
public final class NewJob {
    /** The queue of a job for which neither the caller nor the worker names one. */
    public static final String DEFAULT_QUEUE = "default";

    /** The attempts of a job for which neither the caller nor the worker says. */
    public static final int DEFAULT_MAX_ATTEMPTS = 20;

    /** The priority of a job for which neither the caller nor the worker says: the highest. */
    public static final int DEFAULT_PRIORITY = 0;

    private final String worker;
    private final JobOptions options;

    private NewJob(String worker, JobOptions options) {
        this.worker = worker;
        this.options = options;
    }

    /**
     * A job without arguments.
     *
     * @param worker the name of the worker that will run it, 1 to 127 characters; a leading {@code Elixir.} is dropped,
     *     as Oban does
     */
    public static NewJob of(String worker) {
        return new NewJob(WorkerName.normalise(worker), JobOptions.NONE);
    }

    /**
     * A job with arguments.
     *
     * @param worker the name of the worker that will run it, 1 to 127 characters
     * @param args see {@link #args}
     */
    public static NewJob of(String worker, Object args) {
        return of(worker).args(args);
    }

    /**
     * The arguments: a public record, a map, a {@link JsonObject}, or any object that JSON-B writes as a JSON object. Written
     * as JSON at once, so later changes to {@code args} do not matter. Null properties of records and beans are left out, as
     * JSON-B does by default; null values of a map are kept. Default: none, the empty object.
     */
    public NewJob args(@Nullable Object args) {
        return with(options.withArgs(args == null ? null : JsonText.of(args)));
    }

    /** Metadata that travels with the job and is not passed to the worker's arguments. Default: empty. */
    public NewJob meta(@Nullable Map<String, ?> meta) {
        return with(options.withMeta(meta == null ? null : JsonText.of(meta)));
    }

    /** The queue, 1 to 127 characters; empty counts as unset. Default: the worker's, or {@value #DEFAULT_QUEUE}. */
    public NewJob queue(@Nullable String queue) {
        return with(options.withQueue(queue));
    }

    /** Replaces the tags. They are trimmed, put in lower case, and lose empty and repeated ones. Default: the worker's. */
    public NewJob tags(String... tags) {
        return tags(Arrays.asList(tags));
    }

    /** Replaces the tags, as {@link #tags(String...)}. */
    public NewJob tags(@Nullable Collection<? extends @Nullable String> tags) {
        return with(options.withTags(tags == null ? null : Tags.normalise(tags)));
    }

    /** The rank in the queue, from 0, which goes first, to 9. Default: the worker's, or {@value #DEFAULT_PRIORITY}. */
    public NewJob priority(@Nullable Integer priority) {
        return with(options.withPriority(priority));
    }

    /** How many attempts in all, at least 1. Default: the worker's, or {@value #DEFAULT_MAX_ATTEMPTS}. */
    public NewJob maxAttempts(@Nullable Integer maxAttempts) {
        return with(options.withMaxAttempts(maxAttempts));
    }

    /**
     * When to run, cut to microseconds; replaces {@link #in}. The job starts as {@link JobState#SCHEDULED}, even if the
     * moment has passed, and then becomes available at the next staging. Default: at once. Oban: {@code scheduled_at}.
     */
    public NewJob at(@Nullable Instant at) {
        return with(options.withStart(at == null ? null : now -> at));
    }

    /**
     * How long to wait, counted from the insert; replaces {@link #at}, and is otherwise the same. May be zero or negative.
     * Oban: {@code schedule_in}.
     */
    public NewJob in(@Nullable Duration in) {
        return with(options.withStart(in == null ? null : now -> now.plus(in)));
    }

    /**
     * The state it begins in, for a job that is not to run, or not yet, such as {@link JobState#SUSPENDED}. One that begins in
     * an end, such as {@link JobState#COMPLETED}, ended at the moment of the insert. {@link JobState#AVAILABLE} is the same as
     * nothing: with a time the job is scheduled all the same, as in Oban. {@link JobState#EXECUTING} is refused, because only a
     * queue can run a job. Default: available, or scheduled when a time is given.
     */
    public NewJob state(@Nullable JobState state) {
        return with(options.withState(state));
    }

    /**
     * When a job that is the same is stored already, the insert returns that one instead of another. What the rule leaves open
     * is taken from the worker's rule; {@link Unique#none} switches the worker's off. Default: the worker's, or none.
     */
    public NewJob unique(@Nullable Unique unique) {
        return with(options.withUnique(unique));
    }

    /** What changes in the stored job that is the same, where {@link #unique} found one. Default: the worker's, or nothing. */
    public NewJob replace(@Nullable Replace replace) {
        return with(options.withReplace(replace));
    }

    /**
     * The job as a row: the names of the columns and their values, without those that are left to the database. Always there are
     * {@code state}, {@code queue}, {@code worker}, {@code args}, {@code meta}, {@code tags}, {@code errors}, {@code attempt} and
     * {@code max_attempts}; {@code priority}, {@code scheduled_at} and the moment of an end where they are given. The state is a
     * string as the database spells it, args and meta are {@link JsonObject}s, and moments are {@link Instant}s. Defaults of
     * its worker, which only an insert knows, are not in it. Oban: {@code Oban.Job.to_map/1}.
     *
     * @param now what {@link #in} counts from
     * @return an unmodifiable map
     * @throws InvalidJobException when it could not be inserted as it is, naming every mistake
     */
    public Map<String, Object> toMap(Instant now) {
        return DraftColumns.of(JobRules.resolve(worker, options, now), options.priority() != null);
    }

    /** This job with its unset options filled, and the given ones kept. Internal: what an insert does first. */
    public NewJob withDefaults(JobDefaults defaults) {
        return with(options.orElse(defaults));
    }

    /** The name of the worker that will run it. */
    public String worker() {
        return worker;
    }

    /**
     * Decides every option and validates the result. Internal: what an insert does first.
     *
     * @param clock what {@link #in} counts from
     * @throws InvalidJobException with every problem found
     */
    public JobDraft resolve(Clock clock) {
        return JobRules.resolve(worker, options, clock.instant());
    }

    /** The worker's name; never arguments, which may be private. */
    @Override
    public String toString() {
        return "NewJob[" + worker + "]";
    }

    private NewJob with(JobOptions changed) {
        return new NewJob(worker, changed);
    }
}
