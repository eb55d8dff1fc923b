package dev.kerrera.task;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Runs a task at a jittered interval until it is stopped.
 *
 * <p>Whatever the task throws is logged, the first of several failures in a row as a warning, and the loop goes on. Start and stop
 * are idempotent; once stopped it stays so. Thread-safe.
 */
public final class Interval {

    private static final System.Logger LOG = System.getLogger(Interval.class.getName());
    private static final double JITTER = 0.1;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final Duration period;
    private final Runnable task;
    private final RandomGenerator random;
    private final Pulse pulse = new Pulse();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private boolean started; // guarded by this
    private boolean failing; // touched by the loop only

    public Interval(String name, Duration period, Runnable task, RandomGenerator random) {
        this.name = name;
        this.period = period;
        this.task = task;
        this.random = random;
    }

    /** Begins on a thread of the executor, with a first run at once. */
    public synchronized void start(Executor executor) {
        if (!started && stopping.getCount() > 0) {
            started = true;
            pulse.beat();
            executor.execute(this::run);
        }
    }

    /** Returns when the task does not run any more, or when it has not ended within five seconds. */
    public void stop() {
        stopping.countDown();
        if (isStarted()) {
            try {
                if (!stopped.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.log(System.Logger.Level.WARNING, "%s did not stop within %s".formatted(name, PATIENCE));
                }
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** How the loop is doing. */
    public LoopStatus status() {
        return LoopStatus.of(name, pulse, period);
    }

    private synchronized boolean isStarted() {
        return started;
    }

    private void run() {
        try {
            do {
                pulse.beat();
                runOnce();
            } while (!stopping.await(jittered().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            stopped.countDown();
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

    private Duration jittered() {
        double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
        return Duration.ofNanos((long) (period.toNanos() * factor));
    }
}
