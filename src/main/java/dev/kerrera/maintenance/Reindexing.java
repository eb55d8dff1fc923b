package dev.kerrera.maintenance;

import static java.util.stream.Collectors.toCollection;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.DatabaseException;
import dev.kerrera.db.Jdbc;
import java.time.Duration;
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

    /** None while somebody builds an index of the table, or of one that this role may not know: it may be that one, and soon valid. */
    private static final String INVALID = """
            SELECT c.relname::text
            FROM pg_catalog.pg_index i
            JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
            JOIN pg_catalog.pg_class jobs ON jobs.oid = i.indrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = jobs.relnamespace
            WHERE n.nspname = ? AND jobs.relname = 'oban_jobs' AND NOT i.indisvalid
            AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_stat_progress_create_index p
                WHERE p.datname = pg_catalog.current_database() AND (p.relid = jobs.oid OR p.relid IS NULL))
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
     * Does it all, as long as it may.
     *
     * @param indexes names as PostgreSQL stores them
     * @param timeout longest time of each statement
     * @param may asked before each statement
     */
    void reindex(List<String> indexes, Duration timeout, BooleanSupplier may) {
        Set<String> leftovers = invalid();
        for (String index : indexes) {
            if (may.getAsBoolean()) {
                attempt(REINDEX, index, timeout);
            }
        }
        for (String index : leftovers) {
            // Not what is valid by now, nor what somebody has just begun.
            if (may.getAsBoolean() && invalid().contains(index)) {
                attempt(DROP, index, timeout);
            }
        }
    }

    private Set<String> invalid() {
        return jdbc.query(INVALID, p -> p.text(prefix.name()), row -> row.text()).stream()
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
