package dev.kerrera.queue;

import dev.kerrera.config.Settings;
import dev.kerrera.engine.Heartbeats;
import dev.kerrera.task.Interval;
import dev.kerrera.task.LoopStatus;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/**
 * Gives the table a sign of life of this node's producers. The first goes out before any job is taken: whoever carries the name
 * of a producer can be rescued when the producer is dead.
 */
final class Heart {

    private static final System.Logger LOG = System.getLogger(Heart.class.getName());

    private final Settings settings;
    private final Heartbeats heartbeats;
    private final Producers producers;
    private final Interval interval;
    private volatile long beaten = System.nanoTime();

    Heart(Settings settings, Heartbeats heartbeats, Producers producers, RandomGenerator random) {
        this.settings = settings;
        this.heartbeats = heartbeats;
        this.producers = producers;
        this.interval = new Interval("The heartbeat", settings.lifeline().interval(), this::beat, random);
    }

    void start(ScheduledExecutorService timer) {
        beat();
        interval.start(timer);
    }

    /** The last beat. A producer that leaves jobs behind counts as dead when its silence has lasted long enough. */
    void stop() {
        interval.stop();
        List<UUID> uuids = producers.closed();
        if (uuids.isEmpty()) {
            return;
        }
        try {
            heartbeats.leave(uuids);
        } catch (RuntimeException unreachable) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "The producers of this node stay listed until they count as dead",
                    unreachable);
        }
    }

    LoopStatus status() {
        return interval.status();
    }

    /** Whoever is about to take jobs must be known to live; a sign that is too old is renewed. */
    void ensureFresh() {
        if (System.nanoTime() - beaten > settings.lifeline().freshFor().toNanos()) {
            beat();
        }
    }

    private void beat() {
        List<Heartbeats.Living> living = producers.living();
        if (!living.isEmpty()) {
            long before = System.nanoTime();
            heartbeats.beat(settings.name(), settings.node(), living);
            beaten = before;
        }
    }
}
