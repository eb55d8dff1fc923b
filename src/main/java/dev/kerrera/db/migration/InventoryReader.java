package dev.kerrera.db.migration;

import static dev.kerrera.db.migration.Inventory.OWN;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.migration.Inventory.Column;
import dev.kerrera.db.migration.Inventory.Kind;
import dev.kerrera.db.migration.Inventory.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads an {@link Inventory} through {@code pg_catalog}, which any role may do. */
final class InventoryReader {

    private static final String SCHEMA = "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = ?";

    private static final String LABELS = """
            SELECT e.enumlabel
              FROM pg_catalog.pg_enum e
              JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
              JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
             WHERE n.nspname = ? AND t.typname = 'oban_job_state'
             ORDER BY e.enumsortorder""";

    private static final String TABLES = """
            SELECT c.relname, c.relkind, pg_catalog.obj_description(c.oid, 'pg_class') AS comment
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
               AND c.relname IN ('oban_jobs', 'oban_peers', 'kerrera_migrations')""";

    private static final String COLUMNS = """
            SELECT c.relname, a.attname, a.attnotnull,
                   a.atthasdef OR a.attidentity <> '' AS has_default,
                   CASE tn.nspname
                     WHEN n.nspname THEN t.typname::text
                     WHEN 'pg_catalog' THEN pg_catalog.format_type(t.oid, NULL)
                     ELSE tn.nspname || '.' || t.typname
                   END AS type,
                   EXISTS (SELECT 1 FROM pg_catalog.pg_index i
                            WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
                              AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum) AS is_unique
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
              JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace
             WHERE n.nspname = ? AND c.relname IN ('oban_jobs', 'oban_peers')
               AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
             ORDER BY c.relname, a.attnum""";

    private static final String OWN_RECORD = "SELECT version, checksum FROM %s.kerrera_migrations";

    private final Connection connection;
    private final Prefix schema;

    InventoryReader(Connection connection, Prefix schema) {
        this.connection = connection;
        this.schema = schema;
    }

    Inventory read() throws SQLException {
        List<String> schemas = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        Map<String, Table> tables = new LinkedHashMap<>();
        each(SCHEMA, row -> schemas.add(row.getString("nspname")));
        each(LABELS, row -> labels.add(row.getString("enumlabel")));
        each(TABLES, row -> tables.put(row.getString("relname"), table(row)));
        each(COLUMNS, row -> {
            Table table = tables.get(row.getString("relname"));
            if (table != null) {
                table.columns().put(row.getString("attname"), column(row));
            }
        });
        return new Inventory(!schemas.isEmpty(), labels, tables, tables.containsKey(OWN) ? ownChecksums() : Map.of());
    }

    private static Table table(ResultSet row) throws SQLException {
        return new Table(Kind.of(row.getString("relkind")), row.getString("comment"), new LinkedHashMap<>());
    }

    private static Column column(ResultSet row) throws SQLException {
        return new Column(
                row.getString("type"),
                row.getBoolean("attnotnull"),
                row.getBoolean("has_default"),
                row.getBoolean("is_unique"));
    }

    private Map<Integer, String> ownChecksums() throws SQLException {
        Map<Integer, String> checksums = new LinkedHashMap<>();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(OWN_RECORD.formatted(schema.quoted()))) {
            while (row.next()) {
                checksums.put(row.getInt("version"), row.getString("checksum"));
            }
        }
        return checksums;
    }

    private void each(String sql, RowReader reader) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, schema.name());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    reader.read(row);
                }
            }
        }
    }

    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }
}
