package dev.kerrera.testsupport;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A data source whose sessions begin with a statement, and which counts how many connections were open at once. */
public final class SessionSettings implements DataSource {

    private final DataSource delegate;
    private final String statement;
    public final AtomicInteger opened = new AtomicInteger();

    public SessionSettings(DataSource delegate, String statement) {
        this.delegate = delegate;
        this.statement = statement;
    }

    @Override
    public Connection getConnection() throws SQLException {
        opened.incrementAndGet();
        Connection connection = delegate.getConnection();
        try (var prepare = connection.createStatement()) {
            prepare.execute(statement);
        }
        return connection;
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setLoginTimeout(int seconds) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return delegate.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return delegate.isWrapperFor(type);
    }
}
