package dev.kerrera.queue;

import dev.kerrera.task.Nudge;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Keeps dispatches apart; Oban's <em>dispatch cooldown</em>. The first nudge after a quiet time goes through at once, those that
 * come while it cools down become one at its end. Never blocks. Thread-safe.
 */
final class Cooldown {

    private final long period;
    private final Watchdog timer;
    private final RandomGenerator random;
    private long until = System.nanoTime(); // guarded by this
    private boolean waiting; // guarded by this

    Cooldown(Duration period, Watchdog timer, RandomGenerator random) {
        this.period = period.toNanos();
        this.timer = timer;
        this.random = random;
    }

    void pass(Nudge nudge) {
        if (period == 0 || begins()) {
            nudge.nudge();
        } else {
            waitForEnd(nudge);
        }
    }

    private synchronized boolean begins() {
        if (waiting || until - System.nanoTime() > 0) {
            return false;
        }
        until = System.nanoTime() + jittered(period, random.nextDouble());
        return true;
    }

    private synchronized void waitForEnd(Nudge nudge) {
        if (!waiting) {
            Duration left = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
            waiting = timer.set(left, () -> end(nudge)).isSet();
            if (!waiting) {
                nudge.nudge(); // the timer is gone: too often is better than never
            }
        }
    }

    private void end(Nudge nudge) {
        synchronized (this) {
            waiting = false;
            until = System.nanoTime() + jittered(period, random.nextDouble());
        }
        nudge.nudge();
    }

    /** As Oban's jitter of both signs: from half the period to twice. */
    static long jittered(long period, double share) {
        long by = (long) (share * period);
        return share >= 0.5 ? period + by : period - by;
    }
}
