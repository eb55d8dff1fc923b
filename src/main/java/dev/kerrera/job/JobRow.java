package dev.kerrera.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one row, as read, for {@link Job#of}. Internal: other rooms may use it, applications should not.
 *
 * @param argsJson the text of {@code args}
 * @param errorsJson {@code errors} as the text of one JSON array, for instance by {@code to_jsonb(errors)}; null for none
 * @param attemptedBy handed over: the caller must not change the array afterwards
 * @param tags handed over, likewise
 * @param metaJson the text of {@code meta}, null when the column is
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and copying costs on the hot path
public record JobRow(
        long id,
        JobState state,
        String queue,
        String worker,
        String argsJson,
        @Nullable String errorsJson,
        int attempt,
        int maxAttempts,
        Instant insertedAt,
        Instant scheduledAt,
        @Nullable Instant attemptedAt,
        @Nullable Instant completedAt,
        String @Nullable [] attemptedBy,
        @Nullable Instant discardedAt,
        int priority,
        String @Nullable [] tags,
        @Nullable String metaJson,
        @Nullable Instant cancelledAt) {}
