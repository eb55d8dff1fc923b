package dev.kerrera.job;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule of uniqueness with every part decided. Internal: other rooms may use it, applications should not.
 *
 * @param fields at least one
 * @param keys sorted, none twice; empty compares everything
 * @param since the oldest moment that counts, in whole microseconds; null for any age
 * @param states at least one
 * @param timestamp what {@code since} is compared with
 */
public record UniqueRule(
        Set<Unique.Field> fields,
        List<String> keys,
        @Nullable Instant since,
        Set<JobState> states,
        Unique.Timestamp timestamp) {}
