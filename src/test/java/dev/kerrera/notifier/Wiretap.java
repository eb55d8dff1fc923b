package dev.kerrera.notifier;

import dev.kerrera.testsupport.EmbeddedPostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Hears what the server delivers, beside the code under test. */
public final class Wiretap implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Connection connection;
    private final List<Heard> heard = new ArrayList<>();

    public record Heard(int backend, String channel, String payload) {}

    public Wiretap(String... channels) throws SQLException {
        connection = EmbeddedPostgresServer.direct().dataSource().getConnection();
        for (String channel : channels) {
            execute("LISTEN \"" + channel + '"');
        }
    }

    /** Everything heard so far, once the message has been, which is also heard now if it was not yet. */
    List<Heard> until(String payload) throws SQLException {
        long start = System.nanoTime();
        while (heard.stream().noneMatch(one -> one.payload().equals(payload))) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new AssertionError("never heard " + payload + " but " + heard);
            }
            PGNotification[] notifications =
                    connection.unwrap(PGConnection.class).getNotifications(100);
            if (notifications != null) {
                for (PGNotification one : notifications) {
                    heard.add(new Heard(one.getPID(), one.getName(), one.getParameter()));
                }
            }
        }
        return List.copyOf(heard);
    }

    /** Everything heard up to a last message that is sent now, so everything sent before has been heard too. */
    public List<Heard> all() throws SQLException {
        String last = "end of " + heard.size();
        execute("LISTEN wiretap");
        notify("wiretap", last);
        return until(last).stream()
                .filter(one -> !one.channel().equals("wiretap"))
                .toList();
    }

    /** The payloads of all. */
    List<String> payloads() throws SQLException {
        return all().stream().map(Heard::payload).toList();
    }

    void notify(String channel, String payload) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
            statement.setString(1, channel);
            statement.setString(2, payload);
            statement.execute();
        }
    }

    int backend() throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    /** Ends another session, and returns when it is gone. */
    void kill(int backend) throws SQLException {
        execute("SELECT pg_terminate_backend(" + backend + ", 10000)");
    }

    /** Backends of that application name that are in this database. */
    List<Integer> backends(String applicationName) throws SQLException {
        try (var statement = connection.prepareStatement(
                "SELECT pid FROM pg_stat_activity WHERE application_name = ? AND datname = current_database()")) {
            statement.setString(1, applicationName);
            try (var rows = statement.executeQuery()) {
                List<Integer> backends = new ArrayList<>();
                while (rows.next()) {
                    backends.add(rows.getInt(1));
                }
                return backends;
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
