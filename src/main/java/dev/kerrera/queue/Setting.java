package dev.kerrera.queue;

import dev.kerrera.engine.LastingOrder;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One setting of a producer: as it was configured, as somebody has said since, or as a lasting order has it, whichever is the
 * latest. A lasting order counts once for each time it is given. What is heard twice or out of turn changes nothing.
 * Thread-safe.
 */
final class Setting<T> {

    private final Function<LastingOrder, Optional<LastingOrder.Part<T>>> part;
    private T value; // guarded by this
    private boolean said; // guarded by this
    private long saidAt; // guarded by this
    private @Nullable LastingOrder seen; // guarded by this

    Setting(T configured, Function<LastingOrder, Optional<LastingOrder.Part<T>>> part) {
        this.value = configured;
        this.part = part;
    }

    synchronized T get() {
        return value;
    }

    /**
     * Somebody says so; returns whether that is a change.
     *
     * @param at when it was heard, by {@link System#nanoTime}
     */
    synchronized boolean say(T wanted, long at) {
        if (said && at - saidAt < 0) {
            return false;
        }
        boolean change = !value.equals(wanted);
        value = wanted;
        said = true;
        saidAt = at;
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
        LastingOrder.Part<T> now = part.apply(order).orElseThrow();
        boolean news = seen == null || isNews(seen, order);
        long at = readAt - Math.max(0, now.age().toNanos()); // the database's clock may have been set back
        boolean outdated = said && at - saidAt <= 0;
        seen = order;
        return news && !outdated && say(now.value(), at);
    }

    private boolean isNews(LastingOrder before, LastingOrder now) {
        return !now.replaces(before)
                || !part.apply(now)
                        .map(LastingOrder.Part::at)
                        .equals(part.apply(before).map(LastingOrder.Part::at));
    }
}
