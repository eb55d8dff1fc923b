package dev.kerrera.job;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * When a new job is not inserted, and what it changes instead. Internal: other rooms may use it, applications should not.
 *
 * @param rule which stored job is the same
 * @param replacing the states in which each field of the stored job is replaced by the new one's; only fields of which the
 *     new job says something
 * @param now the moment of the insert, which the rule counts back from; in whole microseconds
 */
public record Uniqueness(UniqueRule rule, Map<Replace.Field, Set<JobState>> replacing, Instant now) {}
