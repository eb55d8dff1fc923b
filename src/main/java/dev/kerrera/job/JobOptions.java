package dev.kerrera.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What may be said about a new job beside its worker; null where nothing was said.
 *
 * @param start from the moment of the insert to the moment of the first run
 */
record JobOptions(
        @Nullable JsonText args,
        @Nullable JsonText meta,
        @Nullable String queue,
        @Nullable List<String> tags,
        @Nullable Integer priority,
        @Nullable Integer maxAttempts,
        @Nullable UnaryOperator<Instant> start,
        @Nullable JobState state,
        @Nullable Unique unique,
        @Nullable Replace replace) {

    static final JobOptions NONE = new JobOptions(null, null, null, null, null, null, null, null, null, null);

    JobOptions {
        queue = queue != null && queue.isEmpty() ? null : queue;
    }

    JobOptions withArgs(@Nullable JsonText value) {
        return new JobOptions(value, meta, queue, tags, priority, maxAttempts, start, state, unique, replace);
    }

    JobOptions withMeta(@Nullable JsonText value) {
        return new JobOptions(args, value, queue, tags, priority, maxAttempts, start, state, unique, replace);
    }

    JobOptions withQueue(@Nullable String value) {
        return new JobOptions(args, meta, value, tags, priority, maxAttempts, start, state, unique, replace);
    }

    JobOptions withTags(@Nullable List<String> value) {
        return new JobOptions(args, meta, queue, value, priority, maxAttempts, start, state, unique, replace);
    }

    JobOptions withPriority(@Nullable Integer value) {
        return new JobOptions(args, meta, queue, tags, value, maxAttempts, start, state, unique, replace);
    }

    JobOptions withMaxAttempts(@Nullable Integer value) {
        return new JobOptions(args, meta, queue, tags, priority, value, start, state, unique, replace);
    }

    JobOptions withStart(@Nullable UnaryOperator<Instant> value) {
        return new JobOptions(args, meta, queue, tags, priority, maxAttempts, value, state, unique, replace);
    }

    JobOptions withState(@Nullable JobState value) {
        return new JobOptions(args, meta, queue, tags, priority, maxAttempts, start, value, unique, replace);
    }

    JobOptions withUnique(@Nullable Unique value) {
        return new JobOptions(args, meta, queue, tags, priority, maxAttempts, start, state, value, replace);
    }

    JobOptions withReplace(@Nullable Replace value) {
        return new JobOptions(args, meta, queue, tags, priority, maxAttempts, start, state, unique, value);
    }

    /** A worker's default that is also everybody's stays unset: it is not said, so it replaces nothing. */
    JobOptions orElse(JobDefaults defaults) {
        List<String> theirTags = defaults.tags() == null ? List.of() : Tags.normalise(defaults.tags());
        return new JobOptions(
                args,
                meta,
                queue == null ? unless(NewJob.DEFAULT_QUEUE, defaults.queue()) : queue,
                tags == null ? unless(List.of(), theirTags) : tags,
                priority == null ? unless(NewJob.DEFAULT_PRIORITY, defaults.priority()) : priority,
                maxAttempts == null ? unless(NewJob.DEFAULT_MAX_ATTEMPTS, defaults.maxAttempts()) : maxAttempts,
                start,
                state,
                unique == null ? defaults.unique() : unique.over(defaults.unique()),
                replace == null ? defaults.replace() : replace);
    }

    /** The state it begins in. Available counts as unsaid, as in Oban. */
    JobState beginning() {
        if (state != null && state != JobState.AVAILABLE) {
            return state;
        }
        return start == null ? JobState.AVAILABLE : JobState.SCHEDULED;
    }

    /** Null when it is inserted in any case. */
    @Nullable Uniqueness uniqueness(Instant now) {
        UniqueRule rule = unique == null ? null : unique.rule(now);
        if (rule == null) {
            return null;
        }
        return new Uniqueness(
                rule, replace == null ? Map.of() : replace.statesOf(said()), now.truncatedTo(ChronoUnit.MICROS));
    }

    /** The fields of a stored job for which there is a value here. */
    private Set<Replace.Field> said() {
        Set<Replace.Field> said = EnumSet.of(Replace.Field.WORKER);
        add(said, Replace.Field.ARGS, args);
        add(said, Replace.Field.META, meta);
        add(said, Replace.Field.QUEUE, queue);
        add(said, Replace.Field.TAGS, tags);
        add(said, Replace.Field.PRIORITY, priority);
        add(said, Replace.Field.MAX_ATTEMPTS, maxAttempts);
        add(said, Replace.Field.SCHEDULED_AT, start);
        return said;
    }

    private static void add(Set<Replace.Field> said, Replace.Field field, @Nullable Object value) {
        if (value != null) {
            said.add(field);
        }
    }

    private static <T> @Nullable T unless(T general, @Nullable T value) {
        return general.equals(value) ? null : value;
    }
}
