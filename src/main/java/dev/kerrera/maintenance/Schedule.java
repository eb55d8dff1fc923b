package dev.kerrera.maintenance;

import dev.kerrera.cron.CronExpression;
import java.time.Instant;
import java.time.ZoneId;

/**
 * When something is due.
 *
 * @param entry the name it has among the entries of the instance
 * @param expression which minutes
 * @param zone by the clocks of which zone
 */
record Schedule(String entry, CronExpression expression, ZoneId zone) {

    /** The first time after a moment; the end of time where there is none. */
    Instant next(Instant after) {
        return expression.next(after, zone).orElse(Instant.MAX);
    }
}
