package dev.kerrera.config;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * What the crontab is made of beside the annotations of workers.
 *
 * @param enabled whether this node runs a crontab when it leads
 * @param timezone zone of entries that name none
 * @param catchUp how entries that say nothing make up for missed times
 * @param catchUpWithin how long a missed time is remembered
 * @param entries what the configuration says of entries
 */
public record CronSettings(
        boolean enabled, ZoneId timezone, CatchUp catchUp, Duration catchUpWithin, List<CronEntrySettings> entries) {}
