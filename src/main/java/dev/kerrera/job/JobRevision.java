package dev.kerrera.job;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of a job with every option decided and validated: what an update writes, null where it leaves the job as it is.
 * Internal: other rooms may use it, applications should not. Made by {@link JobChanges#resolve}.
 *
 * @param argsJson the arguments, a JSON object's text
 * @param metaJson the metadata, a JSON object's text
 * @param tags normalised, without duplicates
 * @param scheduledAt in whole microseconds
 */
public record JobRevision(
        @Nullable String worker,
        @Nullable String queue,
        @Nullable String argsJson,
        @Nullable String metaJson,
        @Nullable List<String> tags,
        @Nullable Integer priority,
        @Nullable Integer maxAttempts,
        @Nullable Instant scheduledAt) {

    /** Keeps its own copy of the tags. */
    public JobRevision {
        tags = tags == null ? null : List.copyOf(tags);
    }
}
