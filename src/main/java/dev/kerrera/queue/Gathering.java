package dev.kerrera.queue;

import dev.kerrera.task.Nudge;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets free places of a busy queue come together, and jobs that come one by one, because to fetch many costs little more than to
 * fetch one.
 *
 * <p>As long as more jobs are known to wait than there is room for, a fetch waits until a good part of the places is free, but no
 * longer than a moment. Once a fetch has found fewer than it asked for, news of jobs is followed at once, but no sooner than a
 * moment after that fetch began, and the end of a job, or a fetch that has not looked everywhere, is reason only for a look soon.
 * Thread-safe.
 */
final class Gathering {

    private static final int ENOUGH = 250;
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Duration SOON = Duration.ofMillis(20);

    private final Watchdog timer;
    private final Nudge dispatch;
    private final long moment;
    private final Bell look = new Bell();
    private final Bell due = new Bell();
    private volatile boolean more;
    private volatile boolean overdue;
    private volatile long began;

    Gathering(Watchdog timer, Nudge dispatch) {
        this(timer, dispatch, MOMENT);
    }

    Gathering(Watchdog timer, Nudge dispatch, Duration moment) {
        this.timer = timer;
        this.dispatch = dispatch;
        this.moment = moment.toNanos();
        this.began = System.nanoTime() - this.moment;
    }

    /** A fetch begins. */
    void fetching() {
        began = System.nanoTime();
    }

    /**
     * A fetch found as many jobs as it asked for, or fewer.
     *
     * @param lookIn when to look where it has not looked
     */
    void fetched(boolean full, Optional<Duration> lookIn) {
        more = full;
        overdue = false;
        lookIn.ifPresent(look::arm);
    }

    /** Whether more jobs wait than were taken, as far as is known. */
    boolean knowsOfMore() {
        return more;
    }

    /** Whether so much room is worth a fetch now; if not, a dispatch follows. */
    boolean isWorth(int room, int limit) {
        long wait = more ? waitForPlaces(room, limit) : began + moment - System.nanoTime();
        if (overdue || wait <= 0) {
            return true;
        }
        due.arm(Duration.ofNanos(wait));
        return false;
    }

    private long waitForPlaces(int room, int limit) {
        return room >= Math.min(ENOUGH, limit / 2) ? 0 : moment;
    }

    /** A place is free again: whether that is worth a fetch now; if not, a dispatch follows. */
    boolean isWorthAfterEnd(int room, int limit) {
        if (!more) {
            look.arm(SOON);
            return false;
        }
        return isWorth(room, limit);
    }

    /** Has a dispatch follow after a time, the shortest that is asked for until it does. */
    private final class Bell {

        private volatile long ringsAt;
        private volatile Watchdog.@Nullable Alarm alarm;

        void arm(Duration wait) {
            long time = System.nanoTime() + wait.toNanos();
            if (alarm == null || isMuchSooner(time)) {
                armSooner(time, wait);
            }
        }

        private synchronized void armSooner(long time, Duration wait) {
            Watchdog.Alarm later = alarm;
            if (later != null) {
                if (!isMuchSooner(time)) {
                    return;
                }
                later.close();
            }
            ringsAt = time;
            Watchdog.Alarm set = timer.set(wait, this::ring);
            alarm = set;
            if (!set.isSet()) {
                ring(); // the timer is gone: too early is better than never
            }
        }

        private boolean isMuchSooner(long time) {
            return ringsAt - time > MOMENT.toNanos();
        }

        private synchronized void ring() {
            alarm = null;
            overdue = true;
            dispatch.nudge();
        }
    }
}
