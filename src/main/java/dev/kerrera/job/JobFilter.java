package dev.kerrera.job;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Which jobs are meant: those that meet every condition. Oban: {@code Oban.Job.query/1}.
 *
 * <pre>{@code
 * JobFilter.all().queues("mail").states(JobState.RETRYABLE).argsContain(Map.of("user", 7))
 * }</pre>
 *
 * <p>Immutable and thread-safe: each method returns a new filter with one more condition, also when that condition was given
 * before. Several values of one condition are alternatives. Texts are compared exactly, letter case included. Values go to the
 * database as parameters, never as part of a statement, so they may come from anybody.
 *
 * <p>Every method throws {@link IllegalArgumentException} for a value that cannot be asked for: null, nothing at all, or
 * characters PostgreSQL cannot store. It names the condition, the value and the remedy.
 */
public final class JobFilter {
    private static final JobFilter ALL = new JobFilter(List.of());

    private final List<Condition> conditions;

    private JobFilter(List<Condition> conditions) {
        this.conditions = conditions;
    }

    /** Every job. */
    public static JobFilter all() {
        return ALL;
    }

    /** One of these ids. */
    public JobFilter ids(long... ids) {
        return ids(Arrays.stream(ids).boxed().toList());
    }

    /** One of these ids. */
    public JobFilter ids(Collection<Long> ids) {
        return and(new Condition.Numbers(Condition.Field.ID, FilterValues.some("ids", ids)));
    }

    /** One of these states. */
    public JobFilter states(JobState... states) {
        return states(Arrays.asList(states));
    }

    /** One of these states, such as {@link JobState#incomplete()}. */
    public JobFilter states(Collection<JobState> states) {
        return and(new Condition.States(FilterValues.some("states", states)));
    }

    /** One of these queues. */
    public JobFilter queues(String... queues) {
        return and(new Condition.Texts(Condition.Field.QUEUE, FilterValues.texts("queues", queues)));
    }

    /** One of these workers, by name; a leading {@code Elixir.} is dropped, as Oban does. */
    public JobFilter workers(String... workers) {
        List<String> names = FilterValues.texts("workers", workers).stream()
                .map(WorkerName::normalise)
                .toList();
        return and(new Condition.Texts(Condition.Field.WORKER, names));
    }

    /** One of these priorities. */
    public JobFilter priorities(int... priorities) {
        return and(new Condition.Numbers(Condition.Field.PRIORITY, FilterValues.numbers("priorities", priorities)));
    }

    /** One of these numbers of attempts begun; 0 for jobs that have never run. */
    public JobFilter attempts(int... attempts) {
        return and(new Condition.Numbers(Condition.Field.ATTEMPT, FilterValues.numbers("attempts", attempts)));
    }

    /** One of these numbers of attempts in all. */
    public JobFilter maxAttempts(int... maxAttempts) {
        return and(
                new Condition.Numbers(Condition.Field.MAX_ATTEMPTS, FilterValues.numbers("maxAttempts", maxAttempts)));
    }

    /** Exactly these tags in this order, as they are stored: trimmed and in lower case. Empty means jobs without tags. */
    public JobFilter tags(List<String> tags) {
        return and(new Condition.SameTags(FilterValues.anyTexts("tags", tags)));
    }

    /** All of these tags and perhaps others, in any order, as they are stored: trimmed and in lower case. */
    public JobFilter tagged(String... tags) {
        return and(new Condition.AllTags(FilterValues.texts("tagged", tags)));
    }

    /**
     * Arguments that contain these, by the containment of {@code jsonb}: nested objects may hold more keys, arrays more elements.
     *
     * @param part must not be empty; written by JSON-B
     */
    public JobFilter argsContain(Map<String, ?> part) {
        return and(new Condition.Contains(Condition.Field.ARGS, FilterValues.object("argsContain", part)));
    }

    /** Metadata that contains this, as {@link #argsContain}. */
    public JobFilter metaContain(Map<String, ?> part) {
        return and(new Condition.Contains(Condition.Field.META, FilterValues.object("metaContain", part)));
    }

    /** The latest attempt was on one of these nodes. */
    public JobFilter nodes(String... nodes) {
        return and(new Condition.Texts(Condition.Field.NODE, FilterValues.texts("nodes", nodes)));
    }

    /** The latest attempt was by one of these producers; a queue of a node has a new one after each start. */
    public JobFilter producers(UUID... producers) {
        List<String> texts = FilterValues.some("producers", FilterValues.listed(producers)).stream()
                .map(UUID::toString)
                .toList();
        return and(new Condition.Texts(Condition.Field.PRODUCER, texts));
    }

    /** The text of some error contains this one. Not supported by an index: narrow it by other conditions. */
    public JobFilter errorsContain(String text) {
        return and(new Condition.ErrorText(FilterValues.text("errorsContain", text)));
    }

    /** That moment or later, cut to microseconds. Jobs without such a moment do not match. */
    public JobFilter from(JobTime time, Instant inclusive) {
        return moment(time, Condition.Bound.FROM, inclusive);
    }

    /** Before that moment, cut to microseconds. Jobs without such a moment do not match. */
    public JobFilter until(JobTime time, Instant exclusive) {
        return moment(time, Condition.Bound.UNTIL, exclusive);
    }

    /** Exactly that moment, cut to microseconds. */
    public JobFilter at(JobTime time, Instant instant) {
        return moment(time, Condition.Bound.AT, instant);
    }

    /** The conditions, all of which must hold. Internal: for the room that writes them as SQL. */
    public List<Condition> conditions() {
        return conditions;
    }

    /** The kinds of its conditions; never their values, which may be private. */
    @Override
    public String toString() {
        return "JobFilter"
                + conditions.stream().map(c -> c.getClass().getSimpleName()).toList();
    }

    private JobFilter moment(JobTime time, Condition.Bound bound, Instant instant) {
        Instant moment = FilterValues.moment(time, instant);
        return and(new Condition.Moment(time, bound, moment));
    }

    private JobFilter and(Condition condition) {
        return new JobFilter(
                Stream.concat(conditions.stream(), Stream.of(condition)).toList());
    }
}
