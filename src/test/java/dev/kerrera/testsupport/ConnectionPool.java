package dev.kerrera.testsupport;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Keeps connections open between loans, for tests of thousands of statements, and counts the loans. */
public final class ConnectionPool implements AutoCloseable {

    private final DataSource server;
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    private final Set<Connection> opened = ConcurrentHashMap.newKeySet();
    private final AtomicInteger lent = new AtomicInteger();

    public ConnectionPool(DataSource server) {
        this.server = server;
    }

    public DataSource dataSource() {
        return Wrapped.dataSource(server, this::lend);
    }

    /** How many connections have been taken and not given back. */
    public int lent() {
        return lent.get();
    }

    private Connection lend() throws SQLException {
        Connection free = idle.poll();
        Connection connection = free == null ? server.getConnection() : free;
        opened.add(connection);
        lent.incrementAndGet();
        return Wrapped.around(connection, Connection.class, (method, arguments, real) -> {
            if (method.getName().equals("close")) {
                lent.decrementAndGet();
                idle.push(connection);
                return null;
            }
            return real.call();
        });
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : opened) {
            connection.close();
        }
    }
}
