package dev.kerrera.queue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Watches over runs: raises the alarm when their time is up, and looks again whether an interrupt had its effect. Thread-safe. */
final class Watchdog {

    private static final System.Logger LOG = System.getLogger(Watchdog.class.getName());

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final ScheduledExecutorService timer;
    private final Executor executor;
    private final Duration grace;
    private final Clock clock;

    Watchdog(ScheduledExecutorService timer, Executor executor, Duration grace, Clock clock) {
        this.timer = timer;
        this.executor = executor;
        this.grace = grace;
        this.clock = clock;
    }

    /** Something that happens at a deadline unless it is closed before. */
    record Alarm(Instant deadline, @Nullable Future<?> future) implements AutoCloseable {

        /** False when the timer takes no more work. */
        boolean isSet() {
            return future != null;
        }

        @Override
        public void close() {
            if (future != null) {
                future.cancel(false);
            }
        }
    }

    /** Calls the action, which must not block, after a time. */
    Alarm set(Duration time, Runnable action) {
        return new Alarm(clock.instant().plus(time), schedule(time, action));
    }

    /** Calls the action, which may block, when a run that was interrupted now has had time enough to end. */
    void afterGrace(Runnable action) {
        later(grace, action);
    }

    /** Calls the action, which may block, after a time. */
    void later(Duration time, Runnable action) {
        schedule(time, () -> handOver(action));
    }

    private void handOver(Runnable action) {
        try {
            executor.execute(action);
        } catch (RuntimeException | Error refused) {
            LOG.log(System.Logger.Level.DEBUG, "There is no thread for what was due; tried again in " + AGAIN, refused);
            later(AGAIN, action);
        }
    }

    private @Nullable Future<?> schedule(Duration time, Runnable action) {
        try {
            return timer.schedule(action, TimeUnit.NANOSECONDS.convert(time), TimeUnit.NANOSECONDS);
        } catch (RuntimeException shutDown) {
            LOG.log(System.Logger.Level.DEBUG, "The timer takes no more work", shutDown);
            return null;
        }
    }
}
