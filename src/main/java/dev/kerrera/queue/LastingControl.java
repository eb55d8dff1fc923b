package dev.kerrera.queue;

import dev.kerrera.config.Settings;
import dev.kerrera.engine.LastingOrder;
import dev.kerrera.engine.LastingOrders;
import dev.kerrera.task.Interval;
import dev.kerrera.task.LoopStatus;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/**
 * Has producers heed lasting orders: when they start, and as often as the heart beats, because a node may hear no messages.
 * Thread-safe.
 */
final class LastingControl {

    private final Settings settings;
    private final LastingOrders orders;
    private final Producers producers;
    private final Heart heart;
    private final Interval interval;

    LastingControl(Settings settings, LastingOrders orders, Producers producers, Heart heart, RandomGenerator random) {
        this.settings = settings;
        this.orders = orders;
        this.producers = producers;
        this.heart = heart;
        this.interval =
                new Interval("Looking for lasting orders", settings.lifeline().interval(), this::look, random);
    }

    void start(ScheduledExecutorService timer) {
        interval.start(timer);
    }

    void stop() {
        interval.stop();
    }

    LoopStatus status() {
        return interval.status();
    }

    /** Asks the table what holds for producers; returns those that it changed. */
    List<Producer> apply(Collection<Producer> whom) {
        long readAt = System.nanoTime();
        List<LastingOrder> holding = orders.read(settings.name(), settings.node());
        return whom.stream().filter(producer -> producer.heed(holding, readAt)).toList();
    }

    private void look() {
        List<Producer> changed = apply(producers.all());
        if (!changed.isEmpty()) {
            changed.forEach(Producer::wake);
            heart.beatSoon();
        }
    }
}
