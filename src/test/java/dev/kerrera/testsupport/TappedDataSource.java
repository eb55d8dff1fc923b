package dev.kerrera.testsupport;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A database that can be made to fail, and that tells what it was asked. */
public final class TappedDataSource {

    /** Stands for the text of whatever completes jobs, one or many. */
    public static final String COMPLETION = "a completion";

    private static final String UNREACHABLE = "08006";

    private final DataSource server;
    private final AtomicInteger refusals = new AtomicInteger();
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final Map<String, CountDownLatch> holds = new ConcurrentHashMap<>();
    private final List<String> statements = new CopyOnWriteArrayList<>();

    private record Fault(String part, boolean reachesServer, AtomicInteger left) {

        boolean strikes(String sql) {
            return has(sql, part) && left.getAndUpdate(n -> Math.max(n - 1, 0)) > 0;
        }
    }

    public TappedDataSource(DataSource server) {
        this.server = server;
    }

    public DataSource dataSource() {
        return Wrapped.dataSource(server, this::open);
    }

    /** The next connections cannot be opened. */
    public void refuseConnections(int times) {
        refusals.set(times);
    }

    /** The next statements with that text in them fail before they reach the server. */
    public void fail(String part, int times) {
        faults.add(new Fault(part, false, new AtomicInteger(times)));
    }

    /** The next statements with that text in them take effect, and then fail. */
    public void loseAnswers(String part, int times) {
        faults.add(new Fault(part, true, new AtomicInteger(times)));
    }

    /** Statements with that text in them do not reach the server before the latch is open. */
    public void hang(String part, CountDownLatch latch) {
        holds.put(part, latch);
    }

    /** Statements with that text in them are held no more; those that are stay so. */
    public void letPass(String part) {
        holds.remove(part);
    }

    /** Every fault is over. */
    public void recover() {
        refusals.set(0);
        faults.clear();
        holds.values().forEach(CountDownLatch::countDown);
        holds.clear();
    }

    /** What was sent, with that text in it; the begin and end of transactions as well. */
    public List<String> statements(String part) {
        return statements.stream().filter(sql -> has(sql, part)).toList();
    }

    private static boolean has(String sql, String part) {
        return part.equals(COMPLETION)
                ? sql.contains("kerrera_complete") || sql.contains("'completed'")
                : sql.contains(part);
    }

    private void awaitHolds(String sql) throws InterruptedException {
        for (Map.Entry<String, CountDownLatch> hold : holds.entrySet()) {
            if (has(sql, hold.getKey())) {
                hold.getValue().await();
            }
        }
    }

    private Connection open() throws SQLException {
        if (refusals.getAndUpdate(n -> Math.max(n - 1, 0)) > 0) {
            throw new SQLException("connection refused", UNREACHABLE);
        }
        return Wrapped.around(
                server.getConnection(), Connection.class, (method, arguments, real) -> switch (method.getName()) {
                    case "prepareStatement" -> tap((PreparedStatement) real.call(), (String) arguments[0]);
                    case "setAutoCommit" -> arguments[0].equals(false) ? noted("BEGIN", real) : real.call();
                    case "commit" -> noted("COMMIT", real);
                    case "rollback" -> noted("ROLLBACK", real);
                    default -> real.call();
                });
    }

    private Object noted(String sql, Wrapped.Real real) throws Throwable {
        statements.add(sql);
        return real.call();
    }

    private PreparedStatement tap(PreparedStatement statement, String sql) {
        return Wrapped.around(statement, PreparedStatement.class, (method, arguments, real) -> {
            if (!method.getName().startsWith("execute")) {
                return real.call();
            }
            statements.add(sql);
            awaitHolds(sql);
            for (Fault fault : faults) {
                if (fault.strikes(sql)) {
                    if (fault.reachesServer()) {
                        real.call();
                    }
                    throw new SQLException("the connection broke", UNREACHABLE);
                }
            }
            return real.call();
        });
    }
}
