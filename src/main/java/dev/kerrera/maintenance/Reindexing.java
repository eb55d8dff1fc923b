package dev.kerrera.maintenance;

import static java.util.stream.Collectors.toCollection;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.DatabaseException;
import dev.kerrera.db.Jdbc;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Builds indexes anew beside the old ones, and drops what earlier attempts left half done. Every statement is attempted whatever
 * becomes of the others.
 */
final class Reindexing {

    private static final System.Logger LOG = System.getLogger(Reindexing.class.getName());

    private static final String INVALID = """
            SELECT c.relname::text
            FROM pg_catalog.pg_index i
            JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
            WHERE i.indrelid = pg_catalog.to_regclass(?) AND NOT i.indisvalid
              AND pg_catalog.starts_with(c.relname::text, 'oban_jobs')
              AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)
            ORDER BY 1""";

    private static final String REINDEX = "REINDEX INDEX CONCURRENTLY ${schema}.${index}";

    /** Another node may have dropped it meanwhile. */
    private static final String DROP = "DROP INDEX CONCURRENTLY IF EXISTS ${schema}.${index}";

    private final Jdbc jdbc;
    private final Prefix prefix;

    Reindexing(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.prefix = prefix;
    }

    /**
     * Does it all, for as long as it is to go on.
     *
     * @param indexes names as PostgreSQL stores them
     * @param timeout longest time of each statement
     */
    void reindex(List<String> indexes, Duration timeout, BooleanSupplier goesOn) {
        Set<String> leftovers = invalid();
        attempt(REINDEX, indexes, timeout, goesOn);
        if (!leftovers.isEmpty() && goesOn.getAsBoolean()) {
            // Not what is valid by now, nor what somebody has just begun.
            leftovers.retainAll(invalid());
            attempt(DROP, leftovers, timeout, goesOn);
        }
    }

    private void attempt(String statement, Collection<String> indexes, Duration timeout, BooleanSupplier goesOn) {
        for (String index : indexes) {
            if (goesOn.getAsBoolean()) {
                attempt(statement, index, timeout);
            }
        }
    }

    private Set<String> invalid() {
        return jdbc.query(INVALID, p -> p.text(prefix.in("${schema}.oban_jobs")), row -> row.text()).stream()
                .collect(toCollection(LinkedHashSet::new));
    }

    private void attempt(String statement, String index, Duration timeout) {
        String sql = prefix.in(statement).replace("${index}", quoted(index));
        try {
            jdbc.alone(sql, timeout);
        } catch (DatabaseException failure) {
            LOG.log(System.Logger.Level.WARNING, "%s failed: %s".formatted(sql, failure.getMessage()));
        }
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
