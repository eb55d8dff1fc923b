package dev.kerrera.elixir;

import dev.kerrera.testsupport.EmbeddedPostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.postgresql.PGConnection;

/**
 * A node that does what one of Oban 2.23 does, statement by statement, and knows nothing of Kerrera. It acts when it is told to, by
 * its own clock, on one connection.
 */
final class ForeignNode implements AutoCloseable {

    static final String NAME = "Oban";

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final String NOTIFY =
            "SELECT pg_notify(?, payload) FROM json_array_elements_text(?::json) AS payload";

    private final Connection connection =
            EmbeddedPostgresServer.direct().dataSource().getConnection();
    private final UUID producer = UUID.randomUUID();
    private final String schema;
    private final String node;

    ForeignNode(String schema, String node) throws SQLException {
        this.schema = schema;
        this.node = node;
    }

    /** What a fetch returns of a job. */
    record Fetched(long id, String worker, String args, int attempt, int maxAttempts) {}

    int backend() throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    /** Stands for election and says whether it leads. */
    boolean elect() throws SQLException {
        return transaction(() -> {
            LocalDateTime now = now();
            update("DELETE FROM ${schema}.oban_peers WHERE name = ? AND expires_at < ?", NAME, now);
            return update("""
                            INSERT INTO ${schema}.oban_peers (name, node, started_at, expires_at) VALUES (?, ?, ?, ?)
                            ON CONFLICT (name) DO UPDATE SET expires_at = excluded.expires_at
                            WHERE oban_peers.node = excluded.node""", NAME, node, now, now.plus(LEASE)) == 1;
        });
    }

    /** Gives the lead back and tells the others. */
    void resign() throws SQLException {
        transaction(() -> {
            update("DELETE FROM ${schema}.oban_peers WHERE name = ? AND node = ?", NAME, node);
            return send("leader", "{\"down\":\"" + NAME + "\"}");
        });
    }

    /** One turn of a leading stager: stages, then tells every queue that has available jobs. */
    void stage() throws SQLException {
        transaction(() -> {
            update("""
                    UPDATE ${schema}.oban_jobs AS o0 SET state = 'available' FROM (
                        SELECT id, state FROM ${schema}.oban_jobs
                        WHERE state IN ('scheduled', 'retryable') AND queue IS NOT NULL AND scheduled_at <= ?
                        ORDER BY scheduled_at DESC, id DESC LIMIT 5000) AS s1
                    WHERE o0.id = s1.id""", now());
            List<String> queues = query(
                    "SELECT DISTINCT queue FROM ${schema}.oban_jobs WHERE state = 'available'", r -> r.getString(1));
            for (String queue : queues) {
                tell(queue);
            }
            return queues;
        });
    }

    /** One fetch of a producer. */
    List<Fetched> fetch(String queue, int demand) throws SQLException {
        return query(
                """
                WITH subset AS MATERIALIZED (
                    SELECT id FROM ${schema}.oban_jobs
                    WHERE state = 'available' AND queue = ?
                    ORDER BY priority, scheduled_at, id
                    LIMIT ? FOR UPDATE SKIP LOCKED)
                UPDATE ${schema}.oban_jobs AS o0
                SET state = 'executing', attempted_at = ?, attempted_by = ARRAY[?, ?], attempt = o0.attempt + 1
                FROM subset AS f1 WHERE o0.id = f1.id AND o0.attempt < o0.max_attempts
                RETURNING o0.id, o0.worker, o0.args::text, o0.attempt, o0.max_attempts""",
                row -> new Fetched(row.getLong(1), row.getString(2), row.getString(3), row.getInt(4), row.getInt(5)),
                queue,
                demand,
                now(),
                node,
                producer.toString());
    }

    void complete(long id) throws SQLException {
        update("UPDATE ${schema}.oban_jobs SET state = 'completed', completed_at = ? WHERE id = ?", now(), id);
    }

    /** Records a failure: retryable after the backoff, or discarded when no attempt is left. */
    void error(Fetched job, Duration backoff) throws SQLException {
        boolean exhausted = job.attempt() >= job.maxAttempts();
        String state = exhausted ? "state = 'discarded', discarded_at = ?" : "state = 'retryable', scheduled_at = ?";
        update(
                "UPDATE ${schema}.oban_jobs SET " + state + ", errors = errors || ?::jsonb WHERE id = ?",
                exhausted ? now() : now().plus(backoff),
                entry(job.attempt(), "** (RuntimeError) boom"),
                job.id());
    }

    void snooze(long id, Duration period) throws SQLException {
        update(
                "UPDATE ${schema}.oban_jobs SET state = 'scheduled', scheduled_at = ?, max_attempts = max_attempts + 1 WHERE id = ?",
                now().plus(period),
                id);
    }

    /** {@code cancel_job}: whatever runs it is told to kill it. */
    void cancel(long id) throws SQLException {
        transaction(() -> {
            List<String> before = query(
                    "SELECT state::text FROM ${schema}.oban_jobs WHERE id = ? AND state NOT IN ('cancelled', 'completed', 'discarded') FOR UPDATE",
                    row -> row.getString(1),
                    id);
            update("UPDATE ${schema}.oban_jobs SET state = 'cancelled', cancelled_at = ? WHERE id = ?", now(), id);
            if (before.contains("executing")) {
                send("signal", "{\"action\":\"pkill\",\"job_id\":" + id + "}");
            }
            return before;
        });
    }

    /** {@code insert} of an available job: the row and the message in one transaction. */
    long insert(String queue, String worker, String args, int maxAttempts) throws SQLException {
        return transaction(() -> {
            long id = query("""
                            INSERT INTO ${schema}.oban_jobs (state, queue, worker, args, meta, tags, errors, attempt, max_attempts)
                            VALUES ('available', ?, ?, ?::jsonb, '{}', '{}', '{}', 0, ?) RETURNING id""", row -> row.getLong(1), queue, worker, args, maxAttempts)
                    .get(0);
            tell(queue);
            return id;
        });
    }

    /** {@code insert} of a scheduled one, of which nobody is told. */
    long schedule(String queue, String worker, Duration in) throws SQLException {
        return query("""
                        INSERT INTO ${schema}.oban_jobs (state, queue, worker, args, meta, tags, errors, attempt, max_attempts, scheduled_at)
                        VALUES ('scheduled', ?, ?, '{}', '{}', '{}', '{}', 0, 20, ?) RETURNING id""", row -> row.getLong(1), queue, worker, now().plus(in)).get(0);
    }

    void ping() throws SQLException {
        send("sonar", "{\"node\":\"" + node + "\",\"ping\":true}");
    }

    /** What Oban.Met tells each second. */
    void report() throws SQLException {
        send(
                "metrics",
                "{\"metrics\":[],\"name\":\"Oban\",\"node\":\"%s\",\"time\":%d}".formatted(node, 1_800_000_000));
    }

    void signal(String json) throws SQLException {
        send("signal", json);
    }

    /** Hands messages to every node, by the statement Oban has for it. */
    boolean send(String channel, String json) throws SQLException {
        String text = '"' + json.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        return !query(NOTIFY, row -> true, schema + ".oban_" + channel, "[" + text + "]")
                .isEmpty();
    }

    private void tell(String queue) throws SQLException {
        send("insert", "{\"queue\":\"" + queue + "\"}");
    }

    private static String entry(int attempt, String error) {
        return "{\"at\":\"%sZ\",\"attempt\":%d,\"error\":\"%s\"}".formatted(now(), attempt, error);
    }

    private static LocalDateTime now() {
        return LocalDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
    }

    private <T> T transaction(Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = work.run();
            connection.commit();
            return result;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private int update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values)) {
            return statement.executeUpdate();
        }
    }

    private <T> List<T> query(String sql, Mapper<T> mapper, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values);
                ResultSet row = statement.executeQuery()) {
            List<T> found = new ArrayList<>();
            while (row.next()) {
                found.add(mapper.map(row));
            }
            return found;
        }
    }

    private PreparedStatement prepare(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql.replace("${schema}", schema));
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws SQLException;
    }

    @FunctionalInterface
    private interface Mapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
