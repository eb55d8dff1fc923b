package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Keeps a row for each living producer, by the database's clock. A sign that had to wait counts from when it could be written, not from
 * when it was sent.
 */
public final class Heartbeats {

    private static final String BEAT = """
            INSERT INTO ${schema}.kerrera_producers (uuid, name, node, queue, running_limit, paused, seen_at)
            SELECT uuid::uuid, ?, ?, queue, running_limit, paused, timezone('UTC', clock_timestamp())
            FROM unnest(?::text[], ?::text[], ?::bigint[], ?::text[]::boolean[])
                AS producer(uuid, queue, running_limit, paused)
            ON CONFLICT (uuid) DO UPDATE SET
                running_limit = excluded.running_limit,
                paused = excluded.paused,
                seen_at = timezone('UTC', clock_timestamp())""";

    /** By the jobs' owner and not by their queue, to which a running job need no longer belong. */
    private static final String LEAVE = """
            DELETE FROM ${schema}.kerrera_producers p
            WHERE uuid = ANY(?::text[]::uuid[]) AND NOT EXISTS (
                SELECT FROM ${schema}.oban_jobs j
                WHERE j.state = 'executing' AND j.attempted_by[2] = p.uuid::text)""";

    private final Jdbc jdbc;
    private final String beat;
    private final String leave;

    public Heartbeats(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.beat = prefix.in(BEAT);
        this.leave = prefix.in(LEAVE);
    }

    /**
     * A producer that lives.
     *
     * @param uuid as it stands in {@code attempted_by}
     */
    public record Living(UUID uuid, String queue, int limit, boolean paused) {}

    /** These producers of a node live now. */
    public void beat(String name, String node, Collection<Living> producers) {
        jdbc.update(
                beat,
                p -> p.text(name)
                        .text(node)
                        .texts(producers.stream()
                                .map(one -> one.uuid().toString())
                                .toList())
                        .texts(producers.stream().map(Living::queue).toList())
                        .numbers(producers.stream()
                                .map(one -> (long) one.limit())
                                .toList())
                        .texts(producers.stream()
                                .map(one -> Boolean.toString(one.paused()))
                                .toList()));
    }

    /** These producers have ended. One that leaves running jobs behind stays until it counts as dead and they are rescued. */
    public void leave(Collection<UUID> producers) {
        List<String> uuids = producers.stream().map(UUID::toString).toList();
        jdbc.update(leave, p -> p.texts(uuids));
    }
}
