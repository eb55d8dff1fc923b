package dev.kerrera.queue;

import dev.kerrera.engine.LastingOrder;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One setting of a producer: as it was configured, as somebody has said since, or as a lasting order has it, whichever is the
 * latest. A lasting order counts once for each time it is given, and not at all when it was given before what was said last.
 * Thread-safe.
 */
final class Setting<T> {

    private final Function<LastingOrder, Optional<T>> part;
    private T value; // guarded by this
    private boolean said; // guarded by this
    private long saidAt; // guarded by this
    private @Nullable LastingOrder seen; // guarded by this

    Setting(T configured, Function<LastingOrder, Optional<T>> part) {
        this.value = configured;
        this.part = part;
    }

    synchronized T get() {
        return value;
    }

    /** Somebody says so now; returns whether that is a change. */
    synchronized boolean say(T wanted) {
        boolean change = !value.equals(wanted);
        value = wanted;
        said = true;
        saidAt = System.nanoTime();
        return change;
    }

    /**
     * Takes notice of lasting orders; returns whether that is a change.
     *
     * @param orders those that concern the queue, the one that holds before others
     * @param readAt when the database was asked for them, by {@link System#nanoTime}
     */
    synchronized boolean heed(List<LastingOrder> orders, long readAt) {
        Optional<LastingOrder> holds =
                orders.stream().filter(order -> part.apply(order).isPresent()).findFirst();
        if (holds.isEmpty()) {
            return false;
        }
        LastingOrder order = holds.get();
        boolean news = seen == null || isNews(seen, order);
        boolean outdated = said && order.age().toNanos() >= readAt - saidAt;
        seen = order;
        return news && !outdated && say(part.apply(order).orElseThrow());
    }

    /** The row of an order has one moment for all its parts: it is news for this one if it is for no other. */
    private boolean isNews(LastingOrder before, LastingOrder now) {
        if (!now.replaces(before)) {
            return true;
        }
        boolean repeated = now.paused().equals(before.paused()) && now.limit().equals(before.limit());
        return repeated
                ? !now.changedAt().equals(before.changedAt())
                : !part.apply(now).equals(part.apply(before));
    }
}
