package dev.kerrera.task;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again what must not be given up: from 100 ms doubling to a most, jittered so that nodes do not
 * come back all at once. Immutable.
 */
public final class Patience {

    private static final Duration LEAST = Duration.ofMillis(100);
    private static final double JITTER = 0.1;
    private static final int LARGEST_EXPONENT = 20;

    private final Duration most;
    private final RandomGenerator random;

    public Patience(Duration most, RandomGenerator random) {
        this.most = most;
        this.random = random;
    }

    /** The wait after that many failures in a row, counted from 0. */
    public Duration after(int failures) {
        Duration doubled = LEAST.multipliedBy(1L << Math.min(failures, LARGEST_EXPONENT));
        Duration bounded = doubled.compareTo(most) < 0 ? doubled : most;
        double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
        return Duration.ofNanos((long) (bounded.toNanos() * factor));
    }
}
