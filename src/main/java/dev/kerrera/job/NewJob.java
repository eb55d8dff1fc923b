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
    private final JsonText args;
    private final JobOptions options;

    private NewJob(String worker, JsonText args, JobOptions options) {
        this.worker = worker;
        this.args = args;
        this.options = options;
    }

    /**
     * A job without arguments.
     *
     * @param worker the name of the worker that will run it, 1 to 127 characters; a leading {@code Elixir.} is dropped,
     *     as Oban does
     */
    public static NewJob of(String worker) {
        return new NewJob(WorkerName.normalise(worker), JsonText.EMPTY, JobOptions.NONE);
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
        return new NewJob(worker, JsonText.of(args), options);
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
        return JobRules.resolve(worker, args, options, clock.instant());
    }

    /** The worker's name; never arguments, which may be private. */
    @Override
    public String toString() {
        return "NewJob[" + worker + "]";
    }

    private NewJob with(JobOptions changed) {
        return new NewJob(worker, args, changed);
    }
}
