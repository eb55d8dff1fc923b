package dev.kerrera.notifier;

import dev.kerrera.config.Settings;
import dev.kerrera.db.AfterCommit;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.notifier.ListenerStatus.State;
import dev.kerrera.notifier.Publisher.Message;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Announces new jobs, publishes messages and relays what is heard; Oban's {@code Oban.Notifier}. Thread-safe.
 *
 * <p>Kerrera's own rooms subscribe here and are called on the listening thread, so they must not block; the application observes
 * CDI events, which the relay fires on another thread.
 */
public final class Notifier implements ListenLoop.Listener {

    private static final System.Logger LOG = System.getLogger(Notifier.class.getName());
    private static final String NOTIFY = "SELECT pg_notify(?, ?)";

    private final Settings settings;
    private final Jdbc jdbc;
    private final Publisher publisher;
    private final Relay relay;
    private final Ident ident;
    private final AfterCommit<String> announcements;
    private final AfterCommit<Outgoing> messages;
    private final Map<String, List<Consumer<JsonObject>>> subscribers = new ConcurrentHashMap<>();
    private final List<Runnable> sweeps = new CopyOnWriteArrayList<>();

    /** A message on its way; equality is identity, because a message sent twice is two messages. */
    private static final class Outgoing {
        final String channel;
        final JsonObject payload;
        final Message message;

        Outgoing(String channel, JsonObject payload, Message message) {
            this.channel = channel;
            this.payload = payload;
            this.message = message;
        }
    }

    Notifier(Settings settings, Jdbc jdbc, Transactions transactions, Publisher publisher, Relay relay) {
        this.settings = settings;
        this.jdbc = jdbc;
        this.publisher = publisher;
        this.relay = relay;
        this.ident = new Ident(settings.ident());
        this.announcements = new AfterCommit<>(transactions, this::announceNow);
        this.messages = new AfterCommit<>(transactions, this::publishNow);
    }

    /** Has the subscriber called with every message of a channel that is for this node. It must not block. */
    public void subscribe(String channel, Consumer<JsonObject> subscriber) {
        subscribers
                .computeIfAbsent(channel, name -> new CopyOnWriteArrayList<>())
                .add(subscriber);
    }

    /** Has the sweep run whenever messages may have been missed. It must not block. */
    public void onListening(Runnable sweep) {
        sweeps.add(sweep);
    }

    /**
     * Tells queues of every node that one of them has new jobs, once the caller's transaction has committed: this node's at once,
     * others by a message.
     */
    public void announce(String queue) {
        if (settings.notifier().transactional()) {
            notifyInTransaction(
                    new Message(full(Channel.INSERT), announcement(queue).toString()));
        }
        announcements.tell(queue);
    }

    /** Wakes this node's queue without telling others. */
    public void announceLocally(String queue) {
        call(Channel.INSERT, announcement(queue));
    }

    /**
     * Publishes a message to every node, this one included, once the caller's transaction has committed.
     *
     * @throws IllegalArgumentException when the message is too large or the channel's name too long
     */
    public void publish(String channel, JsonObject payload) {
        Message message = new Message(full(channel), Wire.encode(payload));
        if (settings.notifier().transactional()) {
            notifyInTransaction(message);
        }
        messages.tell(new Outgoing(channel, payload, message));
    }

    @Override
    public void listening() {
        for (Runnable sweep : sweeps) {
            try {
                sweep.run();
            } catch (RuntimeException failure) {
                LOG.log(System.Logger.Level.WARNING, "A sweep for missed messages failed; polling finds them", failure);
            }
        }
    }

    @Override
    public void heard(int backend, String fullChannel, String payload) {
        Optional<String> channel = Channel.bare(settings.prefix().name(), fullChannel);
        if (channel.isEmpty()) {
            return;
        }
        Optional<JsonObject> decoded = Wire.decode(payload);
        if (decoded.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A message on %s is not a JSON object and was dropped".formatted(fullChannel));
        } else if (ident.addressedBy(decoded.get())) {
            if (!calledAlready(backend, channel.get())) {
                call(channel.get(), decoded.get());
            }
            relay.accept(new Notification(channel.get(), decoded.get()));
        }
    }

    /** This node's queues are woken by a call when a job is inserted, before the message about it comes back. */
    private boolean calledAlready(int backend, String channel) {
        return channel.equals(Channel.INSERT) && publisher.isOwn(backend);
    }

    private void call(String channel, JsonObject payload) {
        for (Consumer<JsonObject> subscriber : subscribers.getOrDefault(channel, List.of())) {
            try {
                subscriber.accept(payload);
            } catch (RuntimeException failure) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "A message of channel %s was not understood".formatted(channel),
                        failure);
            }
        }
    }

    private void announceNow(Set<String> queues) {
        for (String queue : queues) {
            JsonObject announcement = announcement(queue);
            call(Channel.INSERT, announcement);
            if (!settings.notifier().transactional()) {
                publisher.sendOnce(new Message(full(Channel.INSERT), announcement.toString()));
            }
        }
    }

    private void publishNow(Set<Outgoing> outgoing) {
        if (!settings.notifier().transactional()) {
            publisher.send(outgoing.stream().map(one -> one.message).toList());
        }
        outgoing.forEach(this::deliverUnheard);
    }

    /** What this node will not hear from the server, because it does not listen or would take it for an echo. */
    private void deliverUnheard(Outgoing outgoing) {
        boolean listens = settings.notifier().listens();
        if (ident.addressedBy(outgoing.payload)) {
            if (!listens || outgoing.channel.equals(Channel.INSERT)) {
                call(outgoing.channel, outgoing.payload);
            }
            if (!listens) {
                relay.accept(new Notification(outgoing.channel, outgoing.payload));
            }
        }
    }

    private void notifyInTransaction(Message message) {
        jdbc.query(NOTIFY, p -> p.text(message.channel()).text(message.payload()), row -> true);
    }

    private String full(String channel) {
        return Channel.full(settings.prefix().name(), channel);
    }

    private static JsonObject announcement(String queue) {
        return Json.createObjectBuilder().add("queue", queue).build();
    }

    /** The state a notifier is in that does not listen. */
    static ListenerStatus polling() {
        return new ListenerStatus(State.POLLING, "kerrera.notifier.mode is poll");
    }
}
