package bench;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.Dependent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The rig's own way to the database, past the pool that is measured. Thread-safe. */
@Dependent
public class Database {

    @Resource(lookup = "jdbc/rig")
    private DataSource dataSource;

    /** For the container. */
    public Database() {}

    Database(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    Connection connection() throws SQLException {
        return dataSource.getConnection();
    }

    void run(String... statements) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Makes something of a result. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(ResultSet result) throws SQLException;
    }

    long number(String sql) throws SQLException {
        return first(sql, row -> row.getLong(1));
    }

    double fraction(String sql) throws SQLException {
        return first(sql, row -> row.getDouble(1));
    }

    String text(String sql) throws SQLException {
        return first(sql, row -> row.getString(1));
    }

    boolean finds(String sql) throws SQLException {
        return ask(sql, ResultSet::next);
    }

    private <T> T first(String sql, Reader<T> reader) throws SQLException {
        return ask(sql, result -> {
            result.next();
            return reader.read(result);
        });
    }

    private <T> T ask(String sql, Reader<T> reader) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return reader.read(result);
        }
    }

    /** What has been used up so far, by processes given besides this one. */
    Cost cost(long... others) throws SQLException {
        long wal = number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
        double client = Proc.cpu(ProcessHandle.current().pid());
        for (long other : others) {
            client += Proc.cpu(other);
        }
        return new Cost(System.nanoTime(), client, Proc.postgresCpu(), Proc.busy(), wal);
    }
}
