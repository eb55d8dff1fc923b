package dev.kerrera.config;

import java.time.Duration;

/**
 * How long ended jobs are kept.
 *
 * @param enabled whether they are deleted at all
 * @param interval time between two runs
 * @param limit most jobs of each state deleted by one run
 * @param completedAfter how long completed jobs are kept
 * @param cancelledAfter how long cancelled jobs are kept
 * @param discardedAfter how long discarded jobs are kept
 */
public record PrunerSettings(
        boolean enabled,
        Duration interval,
        int limit,
        Duration completedAfter,
        Duration cancelledAfter,
        Duration discardedAfter) {}
