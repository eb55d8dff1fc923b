package dev.kerrera.notifier;

import dev.kerrera.task.Nudge;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Hands messages to the application one after another, away from the thread that hears them, so that a slow observer holds up
 * neither the listener nor the queues. Thread-safe.
 */
final class Relay {

    private static final System.Logger LOG = System.getLogger(Relay.class.getName());
    private static final int MOST_WAITING = 10_000;

    private final Application application;
    private final Nudge relaying;
    private final Deque<Notification> waiting = new ArrayDeque<>(); // guarded by itself
    private long dropped; // guarded by waiting
    private boolean stopped; // guarded by waiting

    /** Those who are handed messages. */
    @FunctionalInterface
    interface Application {

        void tell(Notification notification);

        /** Whether anybody hears messages of the channel. */
        default boolean hears(String channel) {
            return true;
        }
    }

    Relay(Application application, Executor executor) {
        this.application = application;
        this.relaying = new Nudge(this::relay, executor);
    }

    /** Whether messages of the channel are handed to anybody. */
    boolean serves(String channel) {
        return application.hears(channel);
    }

    void accept(Notification notification) {
        if (!serves(notification.channel())) {
            return; // most messages only wake queues, and to hand one over costs more than to hear it
        }
        synchronized (waiting) {
            if (stopped) {
                return;
            }
            if (waiting.size() >= MOST_WAITING) {
                warnNowAndThen();
                return;
            }
            waiting.add(notification);
        }
        relaying.nudge();
    }

    /** The application ends: nothing is handed to it any more. */
    void stop() {
        synchronized (waiting) {
            stopped = true;
            waiting.clear();
        }
    }

    private void relay() {
        Notification next = next();
        while (next != null) {
            handOver(next);
            next = next();
        }
    }

    private void handOver(Notification notification) {
        try {
            application.tell(notification);
        } catch (Throwable failure) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A message of channel %s could not be handed to its observers".formatted(notification.channel()),
                    failure);
        }
    }

    private @Nullable Notification next() {
        synchronized (waiting) {
            return waiting.poll();
        }
    }

    private void warnNowAndThen() {
        if (dropped++ % MOST_WAITING == 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Observers are %d messages behind; further ones are dropped until they catch up"
                            .formatted(MOST_WAITING));
        }
    }
}
