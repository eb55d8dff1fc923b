package dev.kerrera.task;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs a task at a jittered interval until it is stopped, and holds no thread in between.
 *
 * <p>Whatever the task throws is logged, the first of several failures in a row as a warning, and the loop goes on. Start and
 * stop are idempotent; once stopped it stays so. Thread-safe.
 */
public final class Interval {

    private static final System.Logger LOG = System.getLogger(Interval.class.getName());
    private static final double JITTER = 0.1;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final Duration period;
    private final Supplier<Duration> pause;
    private final Runnable task;
    private final Pulse pulse = new Pulse();
    private final ReentrantLock turn = new ReentrantLock();
    private @Nullable ScheduledExecutorService timer; // guarded by this
    private @Nullable Future<?> next; // guarded by this
    private boolean stopping; // guarded by this
    private boolean failing; // guarded by turn

    public Interval(String name, Duration period, Runnable task, RandomGenerator random) {
        this(name, period, () -> jittered(period, random), task);
    }

    /**
     * One that says after each run how long it is to the next.
     *
     * @param period the longest pause
     */
    public Interval(String name, Duration period, Supplier<Duration> pause, Runnable task) {
        this.name = name;
        this.period = period;
        this.pause = pause;
        this.task = task;
    }

    /** Begins with a first run at once. */
    public synchronized void start(ScheduledExecutorService timer) {
        if (this.timer == null) {
            this.timer = timer;
            pulse.beat();
            schedule(Duration.ZERO);
        }
    }

    /** Returns when the task does not run any more, or when it has not ended within five seconds. */
    public void stop() {
        cancel();
        try {
            if (turn.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                turn.unlock();
            } else {
                LOG.log(System.Logger.Level.WARNING, "%s did not stop within %s".formatted(name, PATIENCE));
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    /** How the loop is doing. */
    public LoopStatus status() {
        return LoopStatus.of(name, pulse, period);
    }

    /** Begins no further turn, and does not wait for one under way. */
    public synchronized void cancel() {
        stopping = true;
        Future<?> waiting = next;
        if (waiting != null) {
            waiting.cancel(false);
        }
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    private synchronized void schedule(Duration delay) {
        ScheduledExecutorService running = timer;
        if (running != null && !stopping) {
            try {
                next = running.schedule(this::turn, delay.toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException shutDown) {
                LOG.log(System.Logger.Level.DEBUG, "The timer of %s takes no more work".formatted(name), shutDown);
            }
        }
    }

    private void turn() {
        turn.lock();
        try {
            if (!isStopping()) {
                pulse.beat();
                runOnce();
            }
        } finally {
            turn.unlock();
            schedule(pause.get());
        }
    }

    private void runOnce() {
        try {
            task.run();
            if (failing) {
                failing = false;
                LOG.log(System.Logger.Level.INFO, "%s works again".formatted(name));
            }
        } catch (Throwable failure) {
            System.Logger.Level level = failing ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING;
            failing = true;
            LOG.log(level, "%s failed and tries again every %s".formatted(name, period), failure);
        }
    }

    /** A pause of about that period, so that nodes do not all turn at once. */
    public static Duration jittered(Duration period, RandomGenerator random) {
        double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
        return Duration.ofNanos((long) (period.toNanos() * factor));
    }
}
