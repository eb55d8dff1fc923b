package dev.kerrera.queue;

import dev.kerrera.config.Settings;
import dev.kerrera.engine.Heartbeats;
import dev.kerrera.task.Interval;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.task.Nudge;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Gives the table a sign of life of this node's producers. The first goes out before any job is taken: whoever carries the name
 * of a producer can be rescued when the producer is dead.
 */
final class Heart {

    private static final System.Logger LOG = System.getLogger(Heart.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Settings settings;
    private final Heartbeats heartbeats;
    private final Producers producers;
    private final Interval interval;
    private final Nudge soon;
    private final ReentrantLock writing =
            new ReentrantLock(); // a sign on its way must not bring back a row that was removed
    private volatile long beaten = System.nanoTime();

    Heart(Settings settings, Heartbeats heartbeats, Producers producers, Executor executor, RandomGenerator random) {
        this.settings = settings;
        this.heartbeats = heartbeats;
        this.producers = producers;
        this.interval = new Interval("The heartbeat", settings.lifeline().interval(), this::beat, random);
        this.soon = new Nudge(this::beat, executor);
    }

    void start(ScheduledExecutorService timer) {
        beat();
        interval.start(timer);
    }

    void stop() {
        interval.stop();
    }

    LoopStatus status() {
        return interval.status();
    }

    /** Something has changed that the table tells of producers. Never blocks. */
    void beatSoon() {
        soon.nudge();
    }

    /** The first sign of a producer that is not among the others yet. */
    void begin(Producer producer) {
        write(List.of(producer));
    }

    /**
     * The last sign of producers that are not among the others any more. One that leaves jobs behind counts as dead when its silence
     * has lasted long enough.
     */
    void end(Collection<Producer> gone) {
        List<UUID> closed = gone.stream()
                .filter(Producer::isClosed)
                .map(producer -> producer.status().uuid())
                .toList();
        if (closed.isEmpty()) {
            return;
        }
        try {
            if (writing.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    heartbeats.leave(closed);
                } finally {
                    writing.unlock();
                }
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException unreachable) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "Producers that have ended stay listed until they count as dead",
                    unreachable);
        }
    }

    /** Whoever is about to take jobs must be known to live; a sign that is too old is renewed. */
    void ensureFresh() {
        if (System.nanoTime() - beaten > settings.lifeline().freshFor().toNanos()) {
            beat();
        }
    }

    private void beat() {
        writing.lock();
        try {
            List<Producer> living = producers.living();
            if (!living.isEmpty()) {
                long before = System.nanoTime();
                write(living);
                beaten = before;
            }
        } finally {
            writing.unlock();
        }
    }

    private void write(List<Producer> living) {
        heartbeats.beat(
                settings.name(),
                settings.node(),
                living.stream().map(Heart::sign).toList());
        living.forEach(Producer::refreshed);
    }

    private static Heartbeats.Living sign(Producer producer) {
        QueueStatus status = producer.status();
        return new Heartbeats.Living(status.uuid(), status.queue(), status.limit(), status.paused());
    }
}
