package dev.kerrera.job;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A new job with every option decided and validated: what an insert writes. Internal: other rooms may use it,
 * applications should not. Made by {@link NewJob#resolve}.
 *
 * @param state without one of the caller's own {@link JobState#AVAILABLE}, or {@link JobState#SCHEDULED} when a time was given
 * @param argsJson the arguments, a JSON object's text
 * @param metaJson the metadata, a JSON object's text
 * @param tags normalised, without duplicates
 * @param scheduledAt in whole microseconds; null leaves the time to the database
 * @param endedAt in whole microseconds; null unless the state is an end
 * @param uniqueness null when it is inserted in any case
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
        @Nullable Instant scheduledAt,
        @Nullable Instant endedAt,
        @Nullable Uniqueness uniqueness) {

    /** Keeps its own copy of the tags. */
    public JobDraft {
        tags = List.copyOf(tags);
    }

    /** When it is inserted; null leaves the moment to the database, which takes the beginning of the transaction. */
    public @Nullable Instant insertedAt() {
        return uniqueness == null ? null : uniqueness.now();
    }

    /** When it ended in that state; null when it did not. */
    public @Nullable Instant endedAs(JobState end) {
        return state == end ? endedAt : null;
    }
}
