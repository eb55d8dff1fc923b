package dev.kerrera.engine;

import dev.kerrera.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;

/**
 * Where a job stands among those of its queue: the most urgent first, of them the oldest.
 *
 * @param priority 0 is the most urgent
 */
public record Position(int priority, Instant scheduledAt, long id) implements Comparable<Position> {

    /** Before every job. */
    public static final Position TOP = new Position(-1, Instant.EPOCH, 0);

    /** What can be written as it is read; the rows themselves may say infinity. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private static final Comparator<Position> ORDER = Comparator.comparingInt(Position::priority)
            .thenComparing(Position::scheduledAt)
            .thenComparingLong(Position::id);

    public static Position of(Job job) {
        return of(job.priority(), job.scheduledAt(), job.id());
    }

    static Position of(int priority, Instant scheduledAt, long id) {
        return new Position(priority, within(scheduledAt), id);
    }

    /** Before every job of that priority that is so much older at most. */
    public Position earlier(Duration age) {
        return new Position(priority, within(scheduledAt.minus(age)), 0);
    }

    private static Instant within(Instant time) {
        return time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
