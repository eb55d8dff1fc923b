package dev.kerrera.job;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a failed job waits for its next attempt. Internal: other rooms may use it, applications should not. Oban: the
 * default {@code backoff/1} of a worker.
 */
public final class Backoff {
    private static final int LONGEST = 20;
    private static final int LEAST_SECONDS = 15;
    private static final double JITTER = 0.1;

    private Backoff() {}

    /**
     * The wait after a failed attempt, in whole seconds: 15 + 2^attempt, and up to a tenth more at random. The first waits
     * 17 or 18 seconds, the twentieth about 12 days. With more than 20 attempts allowed, the same curve is stretched
     * over them.
     *
     * @param attempt the attempt that failed, from 1; beyond {@code maxAttempts} it counts as the last
     * @param maxAttempts how many attempts the job has in all
     * @param random where the jitter comes from
     * @throws IllegalArgumentException when {@code attempt} is negative or {@code maxAttempts} is not positive
     */
    public static Duration of(int attempt, int maxAttempts, RandomGenerator random) {
        if (attempt < 0) {
            throw new IllegalArgumentException("attempt must be >= 0, was " + attempt);
        }
        if (maxAttempts <= 0) {
            throw new IllegalArgumentException("maxAttempts must be > 0, was " + maxAttempts);
        }
        long base = LEAST_SECONDS + (1L << Math.min(stretched(attempt, maxAttempts), LONGEST));
        return Duration.ofSeconds(base + (long) (random.nextDouble() * JITTER * base));
    }

    private static long stretched(int attempt, int maxAttempts) {
        return maxAttempts <= LONGEST ? attempt : Math.round((double) attempt / maxAttempts * LONGEST);
    }
}
