package dev.kerrera.maintenance;

import java.time.Instant;

/**
 * How far an entry has come.
 *
 * @param entry name of the entry
 * @param expression its expression when it was last seen
 * @param timezone its zone when it was last seen
 * @param lastAt the last time that was acted on or passed over
 */
record CronRow(String entry, String expression, String timezone, Instant lastAt) {

    boolean belongsTo(Schedule schedule) {
        return expression.equals(schedule.expression().text())
                && timezone.equals(schedule.zone().getId());
    }

    CronRow at(Instant moment) {
        return new CronRow(entry, expression, timezone, moment);
    }
}
