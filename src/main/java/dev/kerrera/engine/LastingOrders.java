package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Keeps what holds for queues beyond restarts, by the database's clock. A broader order takes back what narrower ones said of the
 * same thing before it, so that of those which are left the narrower one is the later. Thread-safe.
 */
public final class LastingOrders {

    /** Stands for every queue. */
    public static final String ALL_QUEUES = "*";

    /** Stands for every node. */
    public static final String ALL_NODES = "";

    private static final String GIVE = """
            WITH given (name, queue, node, ${part}) AS (
                VALUES (?::text, ?::text, ?::text, ?::${type})),
            narrower AS (
                SELECT held.name, held.queue, held.node, held.${other} IS NULL AS empty
                FROM ${schema}.kerrera_queues held, given
                WHERE held.name = given.name
                    AND (given.queue = '*' OR held.queue = given.queue)
                    AND (given.node = '' OR held.node = given.node)
                    AND (held.queue, held.node) <> (given.queue, given.node)
                ORDER BY held.queue, held.node
                FOR UPDATE OF held),
            emptied AS (
                DELETE FROM ${schema}.kerrera_queues held USING narrower
                WHERE narrower.empty
                    AND (held.name, held.queue, held.node) = (narrower.name, narrower.queue, narrower.node)),
            taken_back AS (
                UPDATE ${schema}.kerrera_queues held SET ${part} = NULL, ${moment} = NULL FROM narrower
                WHERE NOT narrower.empty
                    AND (held.name, held.queue, held.node) = (narrower.name, narrower.queue, narrower.node))
            INSERT INTO ${schema}.kerrera_queues (name, queue, node, ${part}, ${moment})
            SELECT name, queue, node, ${part}, timezone('UTC', clock_timestamp()) FROM given
            ON CONFLICT (name, queue, node) DO UPDATE SET
                ${part} = excluded.${part}, ${moment} = timezone('UTC', clock_timestamp())""";

    private static final String READ = """
            SELECT queue, node,
                paused::text, paused_at, (extract(epoch FROM asked_at - paused_at) * 1000000)::bigint,
                running_limit::text, limit_at, (extract(epoch FROM asked_at - limit_at) * 1000000)::bigint
            FROM timezone('UTC', clock_timestamp()) asked_at, ${schema}.kerrera_queues
            WHERE name = ? AND node IN ('', ?)
            ORDER BY node = '', queue = '*'""";

    private final Jdbc jdbc;
    private final String pause;
    private final String scale;
    private final String read;

    public LastingOrders(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.pause = prefix.in(of("paused", "paused_at", "boolean", "running_limit"));
        this.scale = prefix.in(of("running_limit", "limit_at", "integer", "paused"));
        this.read = prefix.in(READ);
    }

    /** From now on the queues of an instance are paused, or not, on one node or on all. */
    public void pause(String name, String queue, String node, boolean paused) {
        jdbc.update(pause, p -> p.text(name).text(queue).text(node).flag(paused));
    }

    /** From now on that many jobs of a queue of an instance run at once, on one node or on each. */
    public void scale(String name, String queue, String node, int limit) {
        jdbc.update(scale, p -> p.text(name).text(queue).text(node).number(limit));
    }

    /** What holds for a node, the narrower before the broader: a node's own before that for all, a queue's before that for all. */
    public List<LastingOrder> read(String name, String node) {
        return jdbc.query(
                read,
                p -> p.text(name).text(node),
                row -> new LastingOrder(
                        row.text(), row.text(), part(row, Boolean::valueOf), part(row, Integer::valueOf)));
    }

    private static <T> Optional<LastingOrder.Part<T>> part(Row row, Function<String, T> read) throws SQLException {
        String value = row.textOrNull();
        Instant at = row.timeOrNull();
        Duration age = Duration.of(row.number(), ChronoUnit.MICROS);
        return value == null || at == null
                ? Optional.empty()
                : Optional.of(new LastingOrder.Part<>(read.apply(value), at, age));
    }

    private static String of(String part, String moment, String type, String other) {
        return GIVE.replace("${part}", part)
                .replace("${moment}", moment)
                .replace("${type}", type)
                .replace("${other}", other);
    }
}
