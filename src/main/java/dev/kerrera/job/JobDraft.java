package dev.kerrera.job;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A new job with every option decided and validated: what an insert writes. Internal: other rooms may use it,
 * applications should not. Made by {@link NewJob#resolve}.
 *
 * @param state {@link JobState#AVAILABLE}, or {@link JobState#SCHEDULED} when a time was given
 * @param argsJson the arguments, a JSON object's text
 * @param metaJson the metadata, a JSON object's text
 * @param tags normalised, without duplicates
 * @param scheduledAt in whole microseconds; null leaves the time to the database
 */
public record JobDraft(
        JobState state,
        String queue,
        String worker,
        String argsJson,
        String metaJson,
        List<String> tags,
        int priority,
        int maxAttempts,
        @Nullable Instant scheduledAt) {

    /** Keeps its own copy of the tags. */
    public JobDraft {
        tags = List.copyOf(tags);
    }
}
