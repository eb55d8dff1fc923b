package dev.kerrera.maintenance;

import dev.kerrera.config.CatchUp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
        Deque<Instant> missed = new ArrayDeque<>();
        Optional<Instant> latest = missed(schedule, fresh.plusNanos(1), last);
        Optional<Instant> candidate = latest;
        while (missed.size() < catchUp.most()
                && candidate.isPresent()
                && !candidate.get().isBefore(oldest)) {
            missed.addFirst(candidate.get());
            candidate = missed(schedule, candidate.get(), last);
        }
        List<Instant> times = new ArrayList<>(missed);
        times.addAll(schedule.expression().between(last.isAfter(fresh) ? last : fresh, now, schedule.zone()));
        return new Due(List.copyOf(times), latest);
    }

    private static Optional<Instant> missed(Schedule schedule, Instant before, Instant last) {
        return schedule.expression().last(before, schedule.zone()).filter(instant -> instant.isAfter(last));
    }
}
