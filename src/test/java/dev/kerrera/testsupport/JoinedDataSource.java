package dev.kerrera.testsupport;

import java.sql.Connection;
import javax.sql.DataSource;

/** Always the same connection, which nobody but the test closes; what a container hands out inside a transaction. */
public final class JoinedDataSource {

    private JoinedDataSource() {}

    public static DataSource of(DataSource server, Connection connection) {
        Connection unclosed = Wrapped.around(
                connection,
                Connection.class,
                (method, arguments, real) -> method.getName().equals("close") ? null : real.call());
        return Wrapped.dataSource(server, () -> unclosed);
    }
}
