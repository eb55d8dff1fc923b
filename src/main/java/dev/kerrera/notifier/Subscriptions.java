package dev.kerrera.notifier;

import dev.kerrera.task.ApplicationCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The application's listeners that come and go while the node runs, and the channels they need. Thread-safe. */
final class Subscriptions {

    private static final System.Logger LOG = System.getLogger(Subscriptions.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String prefix;
    private final Channels channels;
    private final ApplicationCode application;
    private final Map<String, List<Entry>> byChannel = new ConcurrentHashMap<>();

    /** One subscription; equality is identity. */
    private static final class Entry {
        final Consumer<? super Notification> listener;
        volatile boolean open = true;

        Entry(Consumer<? super Notification> listener) {
            this.listener = listener;
        }
    }

    Subscriptions(String prefix, Channels channels, ApplicationCode application) {
        this.prefix = prefix;
        this.channels = channels;
        this.application = application;
    }

    /** Has a channel heard for good. */
    void need(String channel) {
        channels.add(Channel.full(prefix, channel));
    }

    /**
     * Sets a listener on a channel, and returns when the server has confirmed it, at once where there is no connection.
     *
     * @throws IllegalArgumentException when the channel's name is unusable
     */
    Subscription listen(String channel, Consumer<? super Notification> listener) {
        String full = Channel.full(prefix, channel);
        Entry entry = new Entry(listener);
        byChannel.compute(channel, (name, entries) -> with(entries, entry));
        channels.add(full);
        channels.awaitConfirmed(full, PATIENCE);
        return new Subscription(channel, () -> {
            entry.open = false;
            byChannel.computeIfPresent(channel, (name, entries) -> without(entries, entry));
            channels.remove(full);
        });
    }

    /** Whether a channel has a listener. */
    boolean isOpen(String channel) {
        return byChannel.containsKey(channel);
    }

    /** Hands a message to each listener of its channel, once even where it was set twice. */
    void tell(Notification notification) {
        List<Consumer<? super Notification>> told = new ArrayList<>();
        for (Entry entry : byChannel.getOrDefault(notification.channel(), List.of())) {
            if (entry.open && told.stream().noneMatch(listener -> listener == entry.listener)) {
                told.add(entry.listener);
                tell(entry.listener, notification);
            }
        }
    }

    private static List<Entry> with(@Nullable List<Entry> entries, Entry added) {
        List<Entry> all = entries == null ? new ArrayList<>() : new ArrayList<>(entries);
        all.add(added);
        return all;
    }

    /** A channel that nobody listens to is forgotten. */
    private static @Nullable List<Entry> without(List<Entry> entries, Entry removed) {
        List<Entry> left = new ArrayList<>(entries);
        left.remove(removed);
        return left.isEmpty() ? null : left;
    }

    private void tell(Consumer<? super Notification> listener, Notification notification) {
        try {
            application.call(() -> {
                listener.accept(notification);
                return notification;
            });
        } catch (Throwable failure) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A listener of channel %s failed; others are not affected".formatted(notification.channel()),
                    failure);
        }
    }
}
