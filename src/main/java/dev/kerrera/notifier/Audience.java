package dev.kerrera.notifier;

import dev.kerrera.telemetry.Observers;
import jakarta.json.JsonValue;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who in the application hears messages: its observers, found once for each channel, and its listeners. Thread-safe. */
final class Audience implements Relay.Application {

    private final Observers observers;
    private final Subscriptions subscriptions;
    private final Map<String, Observers.Audience> byChannel = new ConcurrentHashMap<>();

    Audience(Observers observers, Subscriptions subscriptions) {
        this.observers = observers;
        this.subscriptions = subscriptions;
    }

    @Override
    public boolean hears(String channel) {
        return !observers(channel).isEmpty() || subscriptions.isOpen(channel);
    }

    @Override
    public void tell(Notification notification) {
        observers(notification.channel()).tell(notification);
        subscriptions.tell(notification);
    }

    private Observers.Audience observers(String channel) {
        return byChannel.computeIfAbsent(channel, this::find);
    }

    private Observers.Audience find(String channel) {
        Notification any = new Notification(channel, JsonValue.EMPTY_JSON_OBJECT);
        OnChannel named = OnChannel.Literal.of(channel);
        return switch (channel) {
            case Channel.GOSSIP -> observers.audience(any, named, Gossip.Literal.INSTANCE);
            case Channel.INSERT -> observers.audience(any, named, Insert.Literal.INSTANCE);
            case Channel.SIGNAL -> observers.audience(any, named, Signal.Literal.INSTANCE);
            default -> observers.audience(any, named);
        };
    }
}
