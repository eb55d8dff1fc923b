package dev.kerrera.testsupport;

import static org.awaitility.Awaitility.await;

import dev.kerrera.db.migration.Migrator;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Migrated schemas, lent to tests and emptied when they come back. A schema is made when all others are out, so tests may
 * run side by side. Most tests want {@link PooledSchema}, which borrows and returns by itself.
 */
public final class Schemas {

    /** Apart from what an earlier run left in a server that outlives the JVM. */
    private static final String RUN = UUID.randomUUID().toString().substring(0, 8);

    private static final Deque<TestSchema> FREE = new ConcurrentLinkedDeque<>();
    private static final AtomicInteger MADE = new AtomicInteger();

    private Schemas() {}

    /** An empty schema; pair with {@link #giveBack}. */
    public static TestSchema borrow() {
        TestSchema free = FREE.poll();
        return free == null ? make() : free;
    }

    /**
     * Empties the schema for the next test.
     *
     * @throws AssertionError if a transaction of the test is still open; the schema is then not lent again
     */
    public static void giveBack(TestSchema schema) {
        try (Connection connection = schema.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            assertNoOpenTransaction(statement, schema.name());
            truncate(statement, schema.name());
        } catch (SQLException e) {
            throw new AssertionError("schema " + schema.name() + " could not be emptied: " + e.getMessage(), e);
        }
        FREE.push(schema);
    }

    /** A schema of another JVM's, on the server this one shares with it. */
    public static TestSchema known(String name) {
        return new TestSchema(new UnfriendlyDataSource(name), name);
    }

    private static TestSchema make() {
        String name = "test_" + RUN + "_" + MADE.incrementAndGet();
        var dataSource = new UnfriendlyDataSource(name);
        new Migrator(dataSource, name).migrate();
        return new TestSchema(dataSource, name);
    }

    /** The server notices only after a moment that a connection was closed. */
    private static void assertNoOpenTransaction(Statement statement, String name) throws SQLException {
        String open = "SELECT format('%s: %s', state, query) FROM pg_stat_activity WHERE application_name = '" + name
                + "' AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'";
        try {
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> rows(statement, open).isEmpty());
        } catch (ConditionTimeoutException stillOpen) {
            throw new AssertionError(
                    "the test left transactions open in schema " + name + ": " + rows(statement, open), stillOpen);
        }
    }

    private static void truncate(Statement statement, String name) throws SQLException {
        List<String> tables = rows(
                statement,
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = '" + name
                        + "' AND tablename <> 'kerrera_migrations'");
        statement.execute("BEGIN");
        statement.execute("SET LOCAL lock_timeout = '10s'");
        statement.execute("TRUNCATE " + String.join(", ", tables) + " RESTART IDENTITY CASCADE");
        statement.execute("COMMIT");
    }

    private static List<String> rows(Statement statement, String sql) throws SQLException {
        try (var row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        }
    }
}
