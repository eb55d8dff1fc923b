package dev.kerrera.db.migration;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a schema holds of the things Kerrera cares about, as the system catalogs tell it. */
record Inventory(
        boolean schemaExists, List<String> stateLabels, Map<String, Table> tables, Map<Integer, String> ownChecksums) {

    static final String JOBS = "oban_jobs";
    static final String PEERS = "oban_peers";
    static final String OWN = "kerrera_migrations";

    record Table(Kind kind, @Nullable String comment, Map<String, Column> columns) {}

    record Column(String type, boolean notNull, boolean hasDefault, boolean unique) {}

    enum Kind {
        TABLE,
        PARTITIONED,
        NOT_A_TABLE;

        static Kind of(String relkind) {
            return switch (relkind) {
                case "r" -> TABLE;
                case "p" -> PARTITIONED;
                default -> NOT_A_TABLE;
            };
        }
    }

    /** Nothing of Oban is here, not even a leftover. */
    boolean withoutOban() {
        return stateLabels.isEmpty() && !tables.containsKey(JOBS) && !tables.containsKey(PEERS);
    }

    /** The comment on {@code oban_jobs}: Oban's version record. */
    @Nullable String comment() {
        Table jobs = tables.get(JOBS);
        return jobs == null ? null : jobs.comment();
    }

    /** The newest own version recorded here, 0 when there is none. */
    int ownVersion() {
        return ownChecksums.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    List<OwnMigration> pending() {
        return OwnMigration.ALL.stream()
                .filter(step -> !ownChecksums.containsKey(step.version()))
                .toList();
    }
}
