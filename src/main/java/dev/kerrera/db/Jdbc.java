package dev.kerrera.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Runs single statements on a data source.
 *
 * <p>Each call takes a connection and gives it back. Inside a JTA transaction the container hands out a connection that
 * belongs to it, so the statement commits with the caller's data; outside it commits by itself. Thread-safe.
 */
public final class Jdbc {

    private final DataSource dataSource;

    public Jdbc(DataSource dataSource) {
        this.dataSource = dataSource;
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

    /**
     * Runs a statement that returns rows.
     *
     * @throws DatabaseException when the server refuses it or cannot be reached
     */
    public <T> List<T> query(String sql, Binder binder, Mapper<T> mapper) {
        return run(sql, binder, statement -> {
            try (ResultSet results = statement.executeQuery()) {
                List<T> found = new ArrayList<>();
                Row row = new Row(results);
                while (row.next()) {
                    found.add(mapper.map(row));
                }
                return found;
            }
        });
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
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            binder.bind(new Parameters(statement));
            return run.on(statement);
        } catch (SQLException failure) {
            throw new DatabaseException(failure);
        }
    }

    @FunctionalInterface
    private interface Run<R> {
        R on(PreparedStatement statement) throws SQLException;
    }
}
