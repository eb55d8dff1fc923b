package dev.kerrera.queue;

import dev.kerrera.config.QueueSettings;
import dev.kerrera.config.Settings;
import dev.kerrera.engine.LastingOrder;
import dev.kerrera.engine.Owner;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a producer is and how it is set at the moment; Oban's <em>producer meta</em>. Thread-safe. */
final class ProducerMeta {

    private final Settings settings;
    private final Owner owner;
    private final String queue;
    private final Clock clock;
    private final Instant startedAt;
    private final Setting<Boolean> paused;
    private final Setting<Integer> limit;
    private volatile Instant updatedAt;
    private volatile @Nullable Instant shutdownStartedAt;

    ProducerMeta(Settings settings, Owner owner, QueueSettings queue, Clock clock) {
        this.settings = settings;
        this.owner = owner;
        this.queue = queue.name();
        this.clock = clock;
        this.startedAt = clock.instant();
        this.updatedAt = startedAt;
        this.paused = new Setting<>(queue.paused(), LastingOrder::paused);
        this.limit = new Setting<>(queue.limit(), LastingOrder::limit);
    }

    String queue() {
        return queue;
    }

    Owner owner() {
        return owner;
    }

    int limit() {
        return limit.get();
    }

    /** Whether it takes jobs as far as it has room. */
    boolean isOpen() {
        return shutdownStartedAt == null && !paused.get();
    }

    boolean isStopping() {
        return shutdownStartedAt != null;
    }

    /** Returns whether that is a change. */
    boolean pause(boolean wanted, long at) {
        return paused.say(wanted, at);
    }

    /** Returns whether that is a change. */
    boolean scale(int wanted, long at) {
        return limit.say(wanted, at);
    }

    /** Takes notice of lasting orders; returns whether that is a change. */
    boolean heed(List<LastingOrder> orders, long readAt) {
        List<LastingOrder> own =
                orders.stream().filter(order -> order.concerns(queue)).toList();
        return paused.heed(own, readAt) | limit.heed(own, readAt);
    }

    /** The table has been told that it lives. */
    void refreshed() {
        updatedAt = clock.instant();
    }

    void stop() {
        if (shutdownStartedAt == null) {
            shutdownStartedAt = clock.instant();
        }
    }

    QueueStatus status(List<Long> running, List<Long> abandoned) {
        Instant stopped = shutdownStartedAt;
        return new QueueStatus(
                settings.name(),
                queue,
                owner.node(),
                owner.producer(),
                limit.get(),
                paused.get() || stopped != null,
                running,
                abandoned,
                settings.lifeline().interval(),
                startedAt,
                updatedAt,
                stopped);
    }
}
