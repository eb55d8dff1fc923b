package dev.kerrera.config;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * How indexes are built anew.
 *
 * @param enabled whether they are
 * @param schedule when, as a cron expression
 * @param timezone zone of the schedule
 * @param timeout longest time of each statement
 * @param indexes names of the indexes, as PostgreSQL stores them
 */
public record ReindexerSettings(
        boolean enabled, String schedule, ZoneId timezone, Duration timeout, List<String> indexes) {}
