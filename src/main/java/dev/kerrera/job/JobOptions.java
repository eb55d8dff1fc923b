package dev.kerrera.job;

import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What may be said about a new job beside its worker and arguments; null where nothing was said.
 *
 * @param start from the moment of the insert to the moment of the first run
 */
record JobOptions(
        @Nullable JsonText meta,
        @Nullable String queue,
        @Nullable List<String> tags,
        @Nullable Integer priority,
        @Nullable Integer maxAttempts,
        @Nullable UnaryOperator<Instant> start) {

    static final JobOptions NONE = new JobOptions(null, null, null, null, null, null);

    JobOptions {
        queue = queue != null && queue.isEmpty() ? null : queue;
    }

    JobOptions withMeta(@Nullable JsonText value) {
        return new JobOptions(value, queue, tags, priority, maxAttempts, start);
    }

    JobOptions withQueue(@Nullable String value) {
        return new JobOptions(meta, value, tags, priority, maxAttempts, start);
    }

    JobOptions withTags(@Nullable List<String> value) {
        return new JobOptions(meta, queue, value, priority, maxAttempts, start);
    }

    JobOptions withPriority(@Nullable Integer value) {
        return new JobOptions(meta, queue, tags, value, maxAttempts, start);
    }

    JobOptions withMaxAttempts(@Nullable Integer value) {
        return new JobOptions(meta, queue, tags, priority, value, start);
    }

    JobOptions withStart(@Nullable UnaryOperator<Instant> value) {
        return new JobOptions(meta, queue, tags, priority, maxAttempts, value);
    }

    JobOptions orElse(JobDefaults defaults) {
        return new JobOptions(
                meta,
                queue == null ? defaults.queue() : queue,
                tags == null && defaults.tags() != null ? Tags.normalise(defaults.tags()) : tags,
                priority == null ? defaults.priority() : priority,
                maxAttempts == null ? defaults.maxAttempts() : maxAttempts,
                start);
    }
}
