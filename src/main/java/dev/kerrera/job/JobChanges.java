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
 * What is to change about jobs that are in the table already. Oban: the changes of {@code Oban.update_job/3}.
 *
 * <pre>{@code
 * JobChanges.none().queue("slow").maxAttempts(5)
 * }</pre>
 *
 * <p>Immutable and thread-safe: each method returns a new value, and one value may be used for many jobs. What is not given
 * stays as it is in the table. Passing null unsets an option again. Nothing is validated before the update, which then
 * reports all problems in one {@link InvalidJobException}, by the rules of a new job.
 */
public final class JobChanges {
    private static final JobChanges NONE = new JobChanges(null, null, null, JobOptions.NONE);

    private final @Nullable String worker;
    private final @Nullable String queue;
    private final @Nullable JsonText args;
    private final JobOptions options;

    private JobChanges(@Nullable String worker, @Nullable String queue, @Nullable JsonText args, JobOptions options) {
        this.worker = worker;
        this.queue = queue;
        this.args = args;
        this.options = options;
    }

    /** Nothing changes yet. An update refuses it as it is. */
    public static JobChanges none() {
        return NONE;
    }

    /**
     * The worker that will run it, by name, 1 to 127 characters; a leading {@code Elixir.} is dropped, as Oban does. A run under
     * way is not affected.
     */
    public JobChanges worker(@Nullable String worker) {
        return new JobChanges(worker == null ? null : WorkerName.normalise(worker), queue, args, options);
    }

    /** The queue, 1 to 127 characters. A run under way is not affected. */
    public JobChanges queue(@Nullable String queue) {
        return new JobChanges(worker, queue, args, options);
    }

    /**
     * Replaces the arguments: a public record, a map, a {@link JsonObject}, or any object that JSON-B writes as a JSON object.
     * Written as JSON at once, as {@link NewJob#args}.
     */
    public JobChanges args(@Nullable Object args) {
        return new JobChanges(worker, queue, args == null ? null : JsonText.of(args), options);
    }

    /** Replaces the metadata. */
    public JobChanges meta(@Nullable Map<String, ?> meta) {
        return with(options.withMeta(meta == null ? null : JsonText.of(meta)));
    }

    /**
     * Replaces the tags; none at all removes them. They are trimmed, put in lower case, and lose empty and repeated ones, as those
     * of a new job; Oban stores the tags of an update as they come.
     */
    public JobChanges tags(String... tags) {
        return tags(Arrays.asList(tags));
    }

    /** Replaces the tags, as {@link #tags(String...)}. */
    public JobChanges tags(@Nullable Collection<? extends @Nullable String> tags) {
        return with(options.withTags(tags == null ? null : Tags.normalise(tags)));
    }

    /** The rank in the queue, from 0, which goes first, to 9. */
    public JobChanges priority(@Nullable Integer priority) {
        return with(options.withPriority(priority));
    }

    /**
     * How many attempts in all, at least 1. A job that has used that many already is given as many as it has used, and one more
     * unless it has ended: Oban would store an available job that can never run.
     */
    public JobChanges maxAttempts(@Nullable Integer maxAttempts) {
        return with(options.withMaxAttempts(maxAttempts));
    }

    /**
     * When to run, cut to microseconds; replaces {@link #in}. The job becomes {@link JobState#SCHEDULED} whatever its state was,
     * and has at least one attempt left: one that has ended runs again, and one that is executing runs once more, because the
     * result of the run under way is not accepted any longer. Oban: {@code scheduled_at}.
     */
    public JobChanges at(@Nullable Instant at) {
        return with(options.withStart(at == null ? null : now -> at));
    }

    /**
     * How long to wait, counted from the update; replaces {@link #at}, and is otherwise the same. May be zero or negative.
     * Oban: {@code schedule_in}.
     */
    public JobChanges in(@Nullable Duration in) {
        return with(options.withStart(in == null ? null : now -> now.plus(in)));
    }

    /** Whether nothing is to change. */
    public boolean isEmpty() {
        return worker == null && queue == null && args == null && options.equals(JobOptions.NONE);
    }

    /**
     * Decides every option and validates the result. Internal: what an update does first.
     *
     * @param clock what {@link #in} counts from
     * @throws InvalidJobException with every problem found
     * @throws IllegalArgumentException when nothing is to change
     */
    public JobRevision resolve(Clock clock) {
        if (isEmpty()) {
            throw new IllegalArgumentException("changes must name at least one option to change, were none");
        }
        return JobRules.revise(worker, queue, args, options, clock.instant());
    }

    private JobChanges with(JobOptions changed) {
        return new JobChanges(worker, queue, args, changed);
    }
}
