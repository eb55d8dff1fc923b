package dev.kerrera.notifier;

import dev.kerrera.notifier.ListenerStatus.State;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.task.Patience;
import dev.kerrera.task.Pulse;
import dev.kerrera.telemetry.NotifierSwitched;
import dev.kerrera.telemetry.Telemetry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Holds the listening connection and hands over what it hears, until it is stopped.
 *
 * <p>Channels that are wanted or not wanted any more are listened to, or not, within half a second.
 *
 * <p>A lost connection is opened again after a growing, jittered delay. What was sent meanwhile is lost, so every return is
 * told to the listener, which sweeps for what it missed.
 */
final class ListenLoop implements Runnable {

    private static final System.Logger LOG = System.getLogger(ListenLoop.class.getName());
    private static final int WAIT_MILLIS = 500;
    private static final int QUIET_WAITS_BEFORE_CHECK = 60;
    private static final int CHECK_SECONDS = 5;
    /** A connection that lives shorter counts as one more failure. */
    private static final Duration STEADY = Duration.ofSeconds(10);

    private static final Duration LONGEST_TURN = Duration.ofSeconds(30);

    private final Connector connector;
    private final Channels channels;
    private final Listener listener;
    private final Patience patience;
    private final Telemetry telemetry;
    private final Pulse pulse = new Pulse();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile ListenerStatus status = new ListenerStatus(State.DISCONNECTED, "not connected yet");
    private volatile @Nullable Connection current;

    /** Hears what the loop hears. */
    interface Listener {

        /** The connection listens now, for the first time or again. */
        void listening();

        /** A message arrived from the given backend. */
        void heard(int backend, String channel, String payload);
    }

    ListenLoop(Connector connector, Channels channels, Listener listener, Patience patience, Telemetry telemetry) {
        this.connector = connector;
        this.channels = channels;
        this.listener = listener;
        this.patience = patience;
        this.telemetry = telemetry;
    }

    ListenerStatus status() {
        return status;
    }

    /** How the loop is doing. */
    LoopStatus loop() {
        return LoopStatus.of("The listener", pulse, LONGEST_TURN);
    }

    @Override
    public void run() {
        int failures = 0;
        try {
            while (stopping.getCount() > 0) {
                pulse.beat();
                try (Connection connection = connector.open("kerrera-listener")) {
                    current = connection;
                    Set<String> heard = listen(connection);
                    long since = System.nanoTime();
                    try {
                        relay(connection, heard);
                    } finally {
                        failures = System.nanoTime() - since > STEADY.toNanos() ? 0 : failures;
                    }
                } catch (Throwable failure) {
                    if (failure instanceof InterruptedException stop) {
                        throw stop;
                    }
                    if (stopping.getCount() > 0) {
                        lost(failure);
                        stopping.await(patience.after(failures++).toMillis(), TimeUnit.MILLISECONDS);
                    }
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            channels.lost();
            status = new ListenerStatus(State.STOPPED, "stopped");
            stopped.countDown();
        }
    }

    /** Returns when the loop has ended and its connection is closed. */
    void stop() throws InterruptedException {
        stopping.countDown();
        if (!stopped.await(4L * WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
            abort();
            stopped.await(4L * WAIT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void abort() {
        Connection connection = current;
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException alreadyGone) {
                LOG.log(System.Logger.Level.DEBUG, "The listening connection was gone already", alreadyGone);
            }
        }
    }

    private Set<String> listen(Connection connection) throws SQLException {
        Set<String> heard = adjust(connection, Set.of());
        listener.listening();
        telemetry.emit(new NotifierSwitched(true, "The notifier is " + status.reason()));
        return heard;
    }

    /** Has the server send what is wanted now instead of what was before. */
    private Set<String> adjust(Connection connection, Set<String> before) throws SQLException {
        Set<String> wanted = channels.wanted();
        if (wanted.equals(before)) {
            return before;
        }
        try (Statement statement = connection.createStatement()) {
            for (String channel : wanted) {
                if (!before.contains(channel)) {
                    statement.execute("LISTEN " + quoted(channel));
                }
            }
            for (String channel : before) {
                if (!wanted.contains(channel)) {
                    statement.execute("UNLISTEN " + quoted(channel));
                }
            }
        }
        status = new ListenerStatus(State.LISTENING, "listening on " + String.join(", ", wanted));
        channels.confirm(wanted);
        return wanted;
    }

    private static String quoted(String channel) {
        return '"' + channel.replace("\"", "\"\"") + '"';
    }

    private void relay(Connection connection, Set<String> first) throws SQLException {
        PGConnection session = connection.unwrap(PGConnection.class);
        Set<String> heard = first;
        int quiet = 0;
        while (stopping.getCount() > 0) {
            pulse.beat();
            heard = adjust(connection, heard);
            PGNotification[] notifications = session.getNotifications(WAIT_MILLIS);
            if (notifications != null && notifications.length > 0) {
                quiet = 0;
                for (PGNotification notification : notifications) {
                    listener.heard(notification.getPID(), notification.getName(), notification.getParameter());
                }
            } else if (++quiet >= QUIET_WAITS_BEFORE_CHECK) {
                quiet = 0;
                check(connection);
            }
        }
    }

    /** A connection that was cut without a word looks like a quiet one, so it is asked now and then. */
    private static void check(Connection connection) throws SQLException {
        if (!connection.isValid(CHECK_SECONDS)) {
            throw new SQLException("the server did not answer within " + CHECK_SECONDS + " s");
        }
    }

    private void lost(Throwable failure) {
        boolean wasListening = status.state() == State.LISTENING;
        channels.lost();
        String reason =
                "%s (%s)".formatted(failure.getMessage(), failure.getClass().getSimpleName());
        status = new ListenerStatus(State.DISCONNECTED, reason);
        LOG.log(System.Logger.Level.DEBUG, "The listening connection failed", failure);
        if (wasListening) {
            telemetry.emit(new NotifierSwitched(
                    false,
                    "The notifier lost its connection and opens another; polling finds the work meanwhile: " + reason));
        }
    }
}
