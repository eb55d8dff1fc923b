package dev.kerrera.peer;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The row that says who leads the instances of a name. All times in it are the database's.
 *
 * <p>The row belongs to whoever began it: it is told by node and by the moment of its beginning, so that a second process that
 * was given the same node name by mistake does not take it for its own. Not thread-safe.
 */
final class Lease {

    /** One that has run out is nobody's, and begins anew for whoever comes first. */
    private static final String TAKE = """
            INSERT INTO ${schema}.oban_peers AS held (name, node, started_at, expires_at)
            VALUES (?, ?, timezone('UTC', clock_timestamp()),
                timezone('UTC', clock_timestamp()) + make_interval(secs => ?::double precision / 1000))
            ON CONFLICT (name) DO UPDATE SET
                node = excluded.node,
                started_at = CASE WHEN held.expires_at < excluded.started_at THEN excluded.started_at ELSE held.started_at END,
                expires_at = excluded.expires_at
            WHERE held.expires_at < excluded.started_at
                OR held.node = excluded.node AND held.started_at = ?::timestamp
            RETURNING started_at""";

    private static final String RESIGN =
            "DELETE FROM ${schema}.oban_peers WHERE name = ? AND node = ? AND started_at = ?::timestamp";

    private static final String HOLDER =
            "SELECT node FROM ${schema}.oban_peers WHERE name = ? AND expires_at >= timezone('UTC', clock_timestamp())";

    private final Jdbc jdbc;
    private final String name;
    private final String node;
    private final String take;
    private final String resign;
    private final String holder;
    private @Nullable Instant begun;

    Lease(Jdbc jdbc, Prefix prefix, String name, String node) {
        this.jdbc = jdbc;
        this.name = name;
        this.node = node;
        this.take = prefix.in(TAKE);
        this.resign = prefix.in(RESIGN);
        this.holder = prefix.in(HOLDER);
    }

    /** Takes the lease when nobody has it, or renews it; false when somebody else has it. */
    boolean take(Duration length) {
        List<Instant> taken = jdbc.query(
                take, p -> p.text(name).text(node).number(length.toMillis()).time(begun), row -> row.time());
        begun = taken.isEmpty() ? null : taken.get(0);
        return begun != null;
    }

    /** Gives the lease back; false when it was not held. */
    boolean resign() {
        Instant mine = begun;
        begun = null;
        return mine != null && jdbc.update(resign, p -> p.text(name).text(node).time(mine)) == 1;
    }

    /** The node that has it, if any does. */
    Optional<String> holder() {
        return jdbc.query(holder, p -> p.text(name), row -> row.text()).stream().findFirst();
    }
}
