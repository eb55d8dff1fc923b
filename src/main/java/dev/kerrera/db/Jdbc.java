package dev.kerrera.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Runs statements on a data source.
 *
 * <p>Each call takes a connection and gives it back. Inside a JTA transaction the container hands out a connection that
 * belongs to it, so the statement commits with the caller's data; outside it commits by itself, unless it is run
 * {@linkplain #together together} with others. Thread-safe.
 */
public final class Jdbc {

    private static final String ACTIVE_TRANSACTION = "25001";

    private final DataSource dataSource;
    private final Transactions transactions;
    private final Aside aside;
    private final ThreadLocal<Connection> shared = new ThreadLocal<>();

    public Jdbc(DataSource dataSource, Transactions transactions) {
        this(dataSource, transactions, Aside.NOT);
    }

    private Jdbc(DataSource dataSource, Transactions transactions, Aside aside) {
        this.dataSource = dataSource;
        this.transactions = transactions;
        this.aside = aside;
    }

    /**
     * The same for threads that go on to other things: each statement outside transactions is run by the executor, on the calling
     * thread. A container lets a connection go only when the task ends that asked for it; so each statement is a task of its own.
     */
    public Jdbc aside(Executor apart) {
        return new Jdbc(dataSource, transactions, new Aside(apart));
    }

    /** Fills in a statement's parameters. */
    @FunctionalInterface
    public interface Binder {
        void bind(Parameters parameters) throws SQLException;
    }

    /** Makes a value of the current row. */
    @FunctionalInterface
    public interface Mapper<T> {
        T map(Row row) throws SQLException;
    }

    /**
     * Runs a statement that returns no rows.
     *
     * @return how many rows it changed
     * @throws DatabaseException when the server refuses it or cannot be reached
     */
    public int update(String sql, Binder binder) {
        return run(sql, binder, PreparedStatement::executeUpdate);
    }

    /** Whether statements of the calling thread commit with others, and not each by itself. */
    public boolean inTransaction() {
        return shared.get() != null || transactions.active();
    }

    /**
     * Runs a statement that cannot run inside a transaction, on a connection of its own.
     *
     * @param within how long it may take, in whole seconds, one at least; then it is cancelled
     * @throws DatabaseException when the server refuses it or cannot be reached, or when it took too long
     */
    public void alone(String sql, Duration within) {
        if (inTransaction()) {
            throw new IllegalStateException("the statement must not run inside a transaction: " + sql);
        }
        run(sql, parameters -> {}, statement -> {
            statement.setQueryTimeout((int) Math.max(1, within.toSeconds()));
            return statement.executeUpdate();
        });
    }

    /**
     * Runs a statement that returns rows.
     *
     * @throws DatabaseException when the server refuses it or cannot be reached
     */
    public <T> List<T> query(String sql, Binder binder, Mapper<T> mapper) {
        return run(sql, binder, statement -> rows(statement, mapper));
    }

    /**
     * The same for a statement that others rely on having been committed. It is refused when it would not be: where the caller has
     * begun a transaction by JDBC, on a connection that the container shares among those who ask for one.
     *
     * @throws DatabaseException likewise
     */
    public <T> List<T> queryCommitted(String sql, Binder binder, Mapper<T> mapper) {
        return run(sql, binder, statement -> {
            if (!statement.getConnection().getAutoCommit()) {
                throw new SQLException("the connection does not commit by itself", ACTIVE_TRANSACTION);
            }
            return rows(statement, mapper);
        });
    }

    /**
     * Runs the statements of the calling thread as one: in its JTA transaction when there is one, otherwise in a transaction that
     * commits when the work returns and rolls back when it throws. May be nested; the outermost call decides. A transaction that the
     * caller has begun by JDBC, on a connection that the container shares among those who ask for one, is joined, and his to end; what
     * is thrown undoes this work alone.
     *
     * @throws DatabaseException when the transaction cannot be begun or committed
     */
    public <T> T together(Supplier<T> work) {
        return inTransaction() ? work.get() : aside.run(() -> inOne(work));
    }

    private <T> T inOne(Supplier<T> work) {
        try (Connection connection = dataSource.getConnection()) {
            return connection.getAutoCommit() ? committed(connection, work) : joined(connection, work);
        } catch (SQLException failure) {
            throw new DatabaseException(failure);
        }
    }

    private <T> T committed(Connection connection, Supplier<T> work) throws SQLException {
        connection.setAutoCommit(false);
        T result;
        try {
            result = sharing(connection, work);
            connection.commit();
        } catch (Throwable failure) {
            undo(failure, () -> {
                connection.rollback();
                connection.setAutoCommit(true);
            });
            throw failure;
        }
        connection.setAutoCommit(true);
        return result;
    }

    private <T> T joined(Connection connection, Supplier<T> work) throws SQLException {
        Savepoint before = connection.setSavepoint();
        T result;
        try {
            result = sharing(connection, work);
        } catch (Throwable failure) {
            undo(failure, () -> connection.rollback(before));
            throw failure;
        }
        connection.releaseSavepoint(before);
        return result;
    }

    private <T> T sharing(Connection connection, Supplier<T> work) {
        shared.set(connection);
        try {
            return work.get();
        } finally {
            shared.remove();
        }
    }

    /**
     * As {@link #together}, for work that may be half done when it throws: a JTA transaction can then only roll back.
     *
     * @throws DatabaseException when the transaction cannot be begun or committed
     */
    public <T> T allOrNothing(Supplier<T> work) {
        try {
            return together(work);
        } catch (Throwable failure) {
            transactions.condemn();
            throw failure;
        }
    }

    private static <T> List<T> rows(PreparedStatement statement, Mapper<T> mapper) throws SQLException {
        try (ResultSet results = statement.executeQuery()) {
            List<T> found = new ArrayList<>();
            Row row = new Row(results);
            while (row.next()) {
                found.add(mapper.map(row));
            }
            return found;
        }
    }

    private static void undo(Throwable cause, Undo undo) {
        try {
            undo.run();
        } catch (SQLException second) {
            cause.addSuppressed(second);
        }
    }

    /** Whether the server answers within the given time once a connection is at hand. */
    public boolean answers(Duration within) {
        try (Connection connection = dataSource.getConnection()) {
            return connection.isValid((int) Math.max(1, within.toSeconds()));
        } catch (SQLException failure) {
            throw new DatabaseException(failure);
        }
    }

    private <R> R run(String sql, Binder binder, Run<R> run) {
        return inTransaction() ? runHere(sql, binder, run) : aside.run(() -> runHere(sql, binder, run));
    }

    private <R> R runHere(String sql, Binder binder, Run<R> run) {
        Connection open = shared.get();
        try {
            if (open != null) {
                return run(open, sql, binder, run);
            }
            try (Connection connection = dataSource.getConnection()) {
                return run(connection, sql, binder, run);
            }
        } catch (SQLException failure) {
            throw new DatabaseException(failure);
        }
    }

    private static <R> R run(Connection connection, String sql, Binder binder, Run<R> run) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            binder.bind(new Parameters(statement));
            return run.on(statement);
        }
    }

    @FunctionalInterface
    private interface Undo {
        void run() throws SQLException;
    }

    @FunctionalInterface
    private interface Run<R> {
        R on(PreparedStatement statement) throws SQLException;
    }
}
