package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Makes unique inserts of the same job wait for each other, until the end of the caller's transaction.
 *
 * <p>A statement that waited still sees the table as it was when it began, so the search comes after, in a statement of its
 * own. Keys are locked in ascending order, so that two who lock several at once cannot wait for each other.
 */
final class UniqueLocks {

    private static final String LOCK_ONE = """
            SELECT current_setting('transaction_isolation'), pg_advisory_xact_lock_shared(?), pg_advisory_xact_lock(?)""";

    private static final String SHARE = """
            SELECT current_setting('transaction_isolation'), pg_advisory_xact_lock_shared(key) FROM unnest(?) AS key""";

    private static final String LOCK = """
            SELECT current_setting('transaction_isolation'), pg_advisory_xact_lock(key) FROM unnest(?) AS key""";

    private final Jdbc jdbc;
    private final String schema;

    UniqueLocks(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.schema = prefix.name();
    }

    /** Locks out the inserts of the same job. */
    void lock(UniqueValues job) {
        UniqueKey key = UniqueKey.of(schema, job);
        judge(jdbc.query(LOCK_ONE, p -> p.number(key.group()).number(key.own()), row -> row.text()));
    }

    /** Locks out the inserts of each of these jobs: at most as many as leave room in the server's lock table. */
    void lockEach(Collection<UniqueValues> jobs) {
        SortedSet<Long> groups = new TreeSet<>();
        SortedSet<Long> own = new TreeSet<>();
        for (UniqueValues job : jobs) {
            UniqueKey key = UniqueKey.of(schema, job);
            groups.add(key.group());
            own.add(key.own());
        }
        take(SHARE, groups);
        take(LOCK, own);
    }

    /** Locks out every unique insert of the workers of these jobs. */
    void lockGroups(Collection<UniqueValues> jobs) {
        SortedSet<Long> groups = new TreeSet<>();
        jobs.forEach(job -> groups.add(UniqueKey.of(schema, job).group()));
        take(LOCK, groups);
    }

    private void take(String statement, SortedSet<Long> keys) {
        if (!keys.isEmpty()) {
            judge(jdbc.query(statement, p -> p.numbers(keys), row -> row.text()));
        }
    }

    private static void judge(List<String> isolations) {
        String isolation = isolations.get(0);
        if (!isolation.startsWith("read ")) {
            throw new IllegalStateException(
                    "a unique job cannot be inserted in a transaction of isolation level '%s', which does not see what others have committed meanwhile; use read committed. Nothing was inserted"
                            .formatted(isolation));
        }
    }
}
