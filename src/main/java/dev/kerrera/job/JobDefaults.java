package dev.kerrera.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker says about its jobs, and a job may say otherwise; null where it says nothing. Internal: other rooms may use it,
 * applications should not.
 */
public record JobDefaults(
        @Nullable String queue,
        @Nullable Integer maxAttempts,
        @Nullable Integer priority,
        @Nullable List<String> tags,
        @Nullable Unique unique,
        @Nullable Replace replace) {

    /** Nothing is said. */
    public static final JobDefaults NONE = new JobDefaults(null, null, null, null);

    /** Without a word about jobs that are the same. */
    public JobDefaults(
            @Nullable String queue,
            @Nullable Integer maxAttempts,
            @Nullable Integer priority,
            @Nullable List<String> tags) {
        this(queue, maxAttempts, priority, tags, null, null);
    }
}
