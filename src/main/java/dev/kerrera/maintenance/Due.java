package dev.kerrera.maintenance;

import dev.kerrera.config.CatchUp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a schedule that has come as far as one moment owes at another.
 *
 * @param times the times that are still to be acted on, ascending
 * @param passedOver the latest time that was missed, whether or not it is made up for
 */
record Due(List<Instant> times, Optional<Instant> passedOver) {

    /** Longer than a change of leaders takes: what is not older was not missed, it is on its way. */
    static final Duration TOLERANCE = Duration.ofMinutes(2);

    /**
     * @param last how far the schedule has come
     * @param catchUp how many missed times are made up for
     * @param within how old a missed time may be to be made up for
     */
    static Due of(Schedule schedule, Instant last, Instant now, CatchUp catchUp, Duration within) {
        if (!last.isBefore(now)) {
            return new Due(List.of(), Optional.empty());
        }
        Instant fresh = now.minus(TOLERANCE).minusNanos(1);
        Instant forgotten = later(last, now.minus(within).minusNanos(1));
        Optional<Instant> latest = schedule.expression()
                .last(fresh.plusNanos(1), schedule.zone())
                .filter(instant -> instant.isAfter(last));
        List<Instant> times = new ArrayList<>();
        if (latest.isPresent() && latest.get().isAfter(forgotten)) {
            times.addAll(
                    catchUp.most() == 1 ? List.of(latest.get()) : tail(schedule, forgotten, fresh, catchUp.most()));
        }
        times.addAll(schedule.expression().between(later(last, fresh), now, schedule.zone()));
        return new Due(List.copyOf(times), latest);
    }

    /** The latest times of a while. It looks back twice as far each time, because the memory may be years and the times minutes apart. */
    private static List<Instant> tail(Schedule schedule, Instant after, Instant until, int most) {
        Duration window = Duration.ofDays(1);
        while (true) {
            Instant from = later(after, until.minus(window));
            List<Instant> found = schedule.expression().between(from, until, schedule.zone());
            if (found.size() >= most || from.equals(after)) {
                return found.subList(Math.max(0, found.size() - most), found.size());
            }
            window = window.multipliedBy(2);
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
