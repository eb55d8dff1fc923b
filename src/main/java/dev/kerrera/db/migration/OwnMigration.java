package dev.kerrera.db.migration;

import dev.kerrera.config.Prefix;
import java.util.List;

/** One step of Kerrera's own tables. Steps are only ever added, and only ever add, so that older nodes keep working. */
record OwnMigration(int version, String description, Script script) {

    /** Every step this Kerrera knows, ascending: named one by one, because class loaders list jars differently. */
    static final List<OwnMigration> ALL = List.of(
            new OwnMigration(1, "producers", Script.load("kerrera_v1.sql")),
            new OwnMigration(2, "queues and crons", Script.load("kerrera_v2.sql")),
            new OwnMigration(3, "by index", Script.load("kerrera_v3.sql")),
            new OwnMigration(4, "table settings", Script.load("kerrera_v4.sql")),
            new OwnMigration(5, "fetch and completion", Script.load("kerrera_v5.sql")));

    /** What is of Oban's tables, and goes with them. */
    static final OwnMigration TABLE_SETTINGS = ALL.get(3);

    static final int LATEST = ALL.get(ALL.size() - 1).version();

    /** The step's statements, and the record that it was taken. */
    String sql(Prefix schema) {
        return script.sql(schema)
                + "\nINSERT INTO %s.kerrera_migrations (version, description, checksum) VALUES (%d, '%s', '%s');\n"
                        .formatted(schema.quoted(), version, description, script.checksum());
    }
}
