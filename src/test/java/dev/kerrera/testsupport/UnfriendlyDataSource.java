package dev.kerrera.testsupport;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/** Opens sessions without a {@code search_path} and in a time zone nobody expects, marked with a name of their own. */
final class UnfriendlyDataSource extends PGSimpleDataSource {

    private static final long serialVersionUID = 1;

    /** By statement: the driver sends the JVM's time zone at connect time, which would win over any start-up option. */
    private static final String SETTINGS = "SET search_path = ''; SET TimeZone = 'America/Los_Angeles'";

    UnfriendlyDataSource(String applicationName) {
        var server = EmbeddedPostgresServer.shared();
        setURL(server.url());
        setUser(server.user());
        setPassword(server.password());
        setApplicationName(applicationName);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        Connection connection = super.getConnection(user, password);
        try (var statement = connection.createStatement()) {
            statement.execute(SETTINGS);
        }
        return connection;
    }
}
