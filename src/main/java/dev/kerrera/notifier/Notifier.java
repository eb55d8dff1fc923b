package dev.kerrera.notifier;

import dev.kerrera.config.Settings;
import dev.kerrera.db.AfterCommit;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.notifier.Publisher.Message;
import jakarta.json.JsonObject;
import java.util.Collection;
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
    private static final String NOTIFY = "SELECT pg_backend_pid(), pg_notify(?, ?)";

    private static final int MOST_KNOWN = 1_000;

    /** Channels whose messages this node's own rooms are given before they have made the way over the server. */
    private static final Set<String> CALLED_AT_ONCE = Set.of(Channel.INSERT, Channel.SIGNAL);

    private final Settings settings;
    private final Jdbc jdbc;
    private final Publisher publisher;
    private final Relay relay;
    private final Subscriptions subscriptions;
    private final Ident ident;
    private final Echoes echoes = new Echoes();
    private final AfterCommit<String> announcements;
    private final AfterCommit<Outgoing> messages;
    private final Map<String, Outgoing> said = new ConcurrentHashMap<>(); // of queues
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

    Notifier(
            Settings settings,
            Jdbc jdbc,
            Transactions transactions,
            Publisher publisher,
            Relay relay,
            Subscriptions subscriptions) {
        this.settings = settings;
        this.jdbc = jdbc;
        this.publisher = publisher;
        this.relay = relay;
        this.subscriptions = subscriptions;
        this.ident = new Ident(settings.ident());
        this.announcements = new AfterCommit<>(transactions, this::announceNow);
        this.messages = new AfterCommit<>(transactions, this::publishNow);
    }

    /** Has the subscriber called with every message of a channel that is for this node. It must not block. */
    public void subscribe(String channel, Consumer<JsonObject> subscriber) {
        subscribers
                .computeIfAbsent(channel, name -> new CopyOnWriteArrayList<>())
                .add(subscriber);
        subscriptions.need(channel);
    }

    /**
     * Has a listener of the application called with every message of a channel that is for this node, as observers are, until the
     * subscription is closed. Returns when the node hears the channel, after two seconds at the latest, and at once when it is not
     * connected; it then hears the channel as soon as it is.
     *
     * @throws IllegalArgumentException when the channel's name is blank or too long
     */
    public Subscription listen(String channel, Consumer<? super Notification> listener) {
        return subscriptions.listen(channel, listener);
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
            notifyInTransaction(List.of(announcement(queue).message));
        }
        announcements.tell(queue);
    }

    /** Wakes this node's queue without telling others. */
    public void announceLocally(String queue) {
        call(Channel.INSERT, announcement(queue).payload);
    }

    /**
     * Publishes a message to every node, this one included, once the caller's transaction has committed.
     *
     * @throws IllegalArgumentException when the message is too large or the channel's name too long
     */
    public void publish(String channel, JsonObject payload) {
        publish(channel, List.of(payload));
    }

    /**
     * Publishes each message, in order, as {@link #publish(String, JsonObject)}; all of them or none.
     *
     * @throws IllegalArgumentException when one of the messages is too large or the channel's name too long
     */
    public void publish(String channel, Collection<JsonObject> payloads) {
        List<Outgoing> outgoing =
                payloads.stream().map(payload -> outgoing(channel, payload)).toList();
        if (settings.notifier().transactional()) {
            notifyInTransaction(outgoing.stream().map(one -> one.message).toList());
        }
        outgoing.forEach(messages::tell);
    }

    /**
     * Sends a message to the other nodes now, whatever becomes of the caller's transaction. Never blocks.
     *
     * @throws IllegalArgumentException when the message is too large
     */
    public void send(String channel, JsonObject payload) {
        publisher.send(List.of(message(channel, payload)));
    }

    /** The application ends and hears nothing any more, while Kerrera's own rooms still do. */
    public void leaveApplication() {
        relay.stop();
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
        if (channel.isPresent()) {
            heard(channel.get(), payload, calledAlready(backend, channel.get(), payload));
        }
    }

    private void heard(String channel, String payload, boolean calledAlready) {
        if (calledAlready && channel.equals(Channel.INSERT) && !relay.serves(channel)) {
            return; // nobody needs to read it
        }
        Optional<JsonObject> decoded = Wire.decode(payload);
        if (decoded.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A message on %s is not a JSON object and was dropped".formatted(full(channel)));
        } else if (ident.addressedBy(decoded.get())) {
            if (!calledAlready || setsState(channel, decoded.get())) {
                call(channel, decoded.get());
            }
            relay.accept(new Notification(channel, decoded.get()));
        }
    }

    /** What this node tells itself by a call comes back as a message later. */
    private boolean calledAlready(int backend, String channel, String payload) {
        return CALLED_AT_ONCE.contains(channel)
                && (publisher.isOwn(backend) || echoes.isOne(backend, new Message(full(channel), payload)));
    }

    /**
     * Two nodes that say opposite things at once obey themselves first and the other then. What the server makes of the order
     * must hold for all, so what merely says how a queue is to be is obeyed again when it comes back.
     */
    private static boolean setsState(String channel, JsonObject message) {
        return channel.equals(Channel.SIGNAL) && Signals.setsState(message);
    }

    private void call(String channel, JsonObject payload) {
        for (Consumer<JsonObject> subscriber : subscribers.getOrDefault(channel, List.of())) {
            try {
                subscriber.accept(payload);
            } catch (RuntimeException | StackOverflowError failure) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "A message of channel %s was not understood".formatted(channel),
                        failure);
            }
        }
    }

    private void announceNow(Set<String> queues) {
        for (String queue : queues) {
            Outgoing announcement = announcement(queue);
            call(Channel.INSERT, announcement.payload);
            if (!settings.notifier().transactional()) {
                publisher.sendOnce(announcement.message);
            }
        }
    }

    /** The same is said of a queue again and again. */
    private Outgoing announcement(String queue) {
        Outgoing known = said.get(queue);
        if (known != null) {
            return known;
        }
        Outgoing made = outgoing(Channel.INSERT, Messages.announcement(queue));
        if (said.size() < MOST_KNOWN) {
            said.put(queue, made);
        }
        return made;
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
            if (!listens || CALLED_AT_ONCE.contains(outgoing.channel)) {
                call(outgoing.channel, outgoing.payload);
            }
            if (!listens) {
                relay.accept(new Notification(outgoing.channel, outgoing.payload));
            }
        }
    }

    private void notifyInTransaction(List<Message> sent) {
        jdbc.together(() -> {
            sent.forEach(this::notifyNow);
            return sent;
        });
    }

    /** The message may come back as soon as the transaction has committed, so it is expected before. */
    private void notifyNow(Message message) {
        List<Integer> backends =
                jdbc.query(NOTIFY, p -> p.text(message.channel()).text(message.payload()), row -> (int) row.number());
        backends.forEach(backend -> echoes.expect(backend, message));
    }

    private Outgoing outgoing(String channel, JsonObject payload) {
        return new Outgoing(channel, payload, message(channel, payload));
    }

    private Message message(String channel, JsonObject payload) {
        return new Message(full(channel), Wire.encode(payload));
    }

    private String full(String channel) {
        return Channel.full(settings.prefix().name(), channel);
    }
}
