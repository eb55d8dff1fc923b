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
        Instant fresh = now.minus(TOLERANCE).minusNanos(1);
        Instant oldest = now.minus(within);
        Optional<Instant> latest = schedule.expression()
                .last(fresh.plusNanos(1), schedule.zone())
                .filter(instant -> instant.isAfter(last));
        List<Instant> times =
                latest.filter(instant -> !instant.isBefore(oldest)).isPresent()
                        ? missed(schedule, later(last, oldest.minusNanos(1)), fresh, catchUp.most())
                        : new ArrayList<>();
        times.addAll(schedule.expression().between(later(last, fresh), now, schedule.zone()));
        return new Due(List.copyOf(times), latest);
    }

    /** The latest ones, no more than given. */
    private static List<Instant> missed(Schedule schedule, Instant after, Instant until, int most) {
        List<Instant> all = most == 0 ? List.of() : schedule.expression().between(after, until, schedule.zone());
        return new ArrayList<>(all.subList(Math.max(all.size() - most, 0), all.size()));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
