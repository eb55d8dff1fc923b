package dev.kerrera.task;

import java.time.Duration;

/**
 * How a loop is doing.
 *
 * @param name what the loop does
 * @param age how long ago it last turned
 * @param turning whether that is recent enough for a loop that is alive
 */
public record LoopStatus(String name, Duration age, boolean turning) {

    /** Longer than any statement or connection attempt of a healthy loop takes. */
    private static final Duration SLACK = Duration.ofMinutes(2);

    /** The status of a loop that means to turn once a period. */
    public static LoopStatus of(String name, Pulse pulse, Duration period) {
        Duration age = pulse.age();
        return new LoopStatus(name, age, age.compareTo(period.multipliedBy(3).plus(SLACK)) < 0);
    }
}
