package dev.kerrera.notifier;

import dev.kerrera.task.Nudge;
import dev.kerrera.task.Patience;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Sends messages on one connection of its own, away from callers' transactions.
 *
 * <p>The first message goes at once; what comes while it is under way, or within the debounce time after it, goes together with
 * the next statement. Thread-safe; a send never blocks its caller.
 */
final class Publisher {

    private static final System.Logger LOG = System.getLogger(Publisher.class.getName());
    private static final int MOST_WAITING = 10_000;
    private static final int ATTEMPTS = 5;
    private static final int ATTEMPTS_WHEN_STOPPING = 2;
    private static final String NOTIFY =
            "SELECT pg_notify(m.channel, m.payload) FROM unnest(?, ?) AS m (channel, payload)";

    private final Opening opening;
    private final boolean borrowed;
    private final Duration debounce;
    private final Patience patience;
    private final Nudge sending;
    private final Deque<Message> waiting = new ArrayDeque<>(); // guarded by itself
    private final ReentrantLock wire = new ReentrantLock();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Connection connection; // guarded by wire
    private boolean failing; // guarded by wire
    private long dropped; // guarded by waiting
    private volatile int backend;

    /** A message as it goes over the wire. */
    record Message(String channel, String payload) {}

    /** Opens the connection to send on. */
    @FunctionalInterface
    interface Opening {
        Connection open() throws SQLException;
    }

    /**
     * @param opening opens the connection to send on
     * @param borrowed whether the connection belongs to a pool and is given back whenever nothing is left to send
     */
    Publisher(Opening opening, boolean borrowed, Executor executor, Duration debounce, Patience patience) {
        this.opening = opening;
        this.borrowed = borrowed;
        this.debounce = debounce;
        this.patience = patience;
        this.sending = new Nudge(this::sendWaiting, executor);
    }

    /** Whether a message heard from that backend was sent by this publisher. */
    boolean isOwn(int heardFrom) {
        return heardFrom == backend;
    }

    /** Sends each message, in order. */
    void send(Collection<Message> messages) {
        messages.forEach(message -> enqueue(message, false));
    }

    /** Sends a message unless an equal one is waiting to be sent. */
    void sendOnce(Message message) {
        enqueue(message, true);
    }

    /** Sends what is waiting and closes the connection; nothing is sent afterwards. */
    void stop() {
        synchronized (waiting) {
            stopping.countDown(); // what was let in before is sent below
        }
        wire.lock();
        try {
            sendWaiting();
            close();
        } finally {
            wire.unlock();
        }
    }

    private void enqueue(Message message, boolean once) {
        synchronized (waiting) {
            if (isStopping() || (once && waiting.contains(message))) {
                return;
            }
            if (waiting.size() >= MOST_WAITING) {
                warnNowAndThen();
                return;
            }
            waiting.add(message);
        }
        sending.nudge();
    }

    private void sendWaiting() {
        wire.lock();
        try {
            List<Message> batch = nextBatch();
            while (!batch.isEmpty()) {
                deliver(batch);
                pause(debounce);
                batch = nextBatch();
            }
            if (borrowed) {
                close();
            }
        } finally {
            wire.unlock();
        }
    }

    /** Equal messages of one transaction arrive as one, so a batch ends before a repetition. */
    private List<Message> nextBatch() {
        Set<Message> batch = new LinkedHashSet<>();
        synchronized (waiting) {
            Message next = waiting.peek();
            while (next != null && batch.add(next)) {
                waiting.remove();
                next = waiting.peek();
            }
        }
        return new ArrayList<>(batch);
    }

    private void deliver(List<Message> batch) {
        for (int attempt = 1; ; attempt++) {
            try {
                notify(batch);
                worksAgain();
                return;
            } catch (SQLException | RuntimeException failure) {
                close();
                if (attempt >= (isStopping() ? ATTEMPTS_WHEN_STOPPING : ATTEMPTS)) {
                    fails(batch, failure);
                    return;
                }
                pause(attempt == 1 ? Duration.ZERO : patience.after(attempt));
            }
        }
    }

    /** An outage is told once, however many messages it costs. */
    private void fails(List<Message> batch, Exception failure) {
        System.Logger.Level level = failing ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING;
        failing = true;
        LOG.log(
                level,
                "%d messages could not be sent and are dropped, and so are those that follow until this is over; jobs they announce are found by polling, orders to queues and messages of the application are lost"
                        .formatted(batch.size()),
                failure);
    }

    private void worksAgain() {
        if (failing) {
            failing = false;
            LOG.log(System.Logger.Level.INFO, "Messages are sent again");
        }
    }

    private void warnNowAndThen() {
        if (dropped++ % MOST_WAITING == 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "%d messages wait to be sent; further ones are dropped until they are".formatted(MOST_WAITING));
        }
    }

    private void notify(List<Message> batch) throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = opening.open();
            connection = open;
            backend = open.unwrap(PGConnection.class).getBackendPID();
        }
        Object[] channels = batch.stream().map(Message::channel).toArray();
        Object[] payloads = batch.stream().map(Message::payload).toArray();
        try (PreparedStatement statement = open.prepareStatement(NOTIFY)) {
            statement.setArray(1, open.createArrayOf("text", channels));
            statement.setArray(2, open.createArrayOf("text", payloads));
            statement.execute();
        }
    }

    private void close() {
        Connection open = connection;
        connection = null;
        backend = 0;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException alreadyGone) {
                LOG.log(System.Logger.Level.DEBUG, "The publishing connection was gone already", alreadyGone);
            }
        }
    }

    private void pause(Duration delay) {
        try {
            stopping.await(delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }
}
