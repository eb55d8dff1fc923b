package dev.kerrera.db.migration;

import dev.kerrera.config.MigrationSettings;
import dev.kerrera.config.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The scripts that take a schema, as found, to what Kerrera needs: none at all when it is there already. */
record Plan(Prefix schema, Inventory found, MigrationSettings wanted) {

    private static final Script OWN_RECORD = Script.load("kerrera_migrations.sql");
    private static final Script WITHOUT_GIN = Script.load("without_gin.sql");
    private static final String NO_TABLE_SETTINGS =
            "SELECT pg_catalog.set_config('kerrera.table_settings', 'off', true);\n";

    /** The plan for a database that holds nothing yet. */
    static Plan fromNothing(Prefix schema) {
        return new Plan(
                schema, new Inventory(schema.isPublic(), List.of(), Map.of(), Map.of()), MigrationSettings.DEFAULT);
    }

    List<String> scripts() {
        List<String> scripts = new ArrayList<>();
        if (!found.schemaExists()) {
            scripts.add("CREATE SCHEMA " + schema.quoted() + ";\n");
        }
        if (found.withoutOban()) {
            scripts.add(Script.OBAN_V14.sql(schema));
        }
        if (!found.tables().containsKey(Inventory.OWN)) {
            scripts.add(OWN_RECORD.sql(schema));
        }
        if (!wanted.tableSettings()) {
            scripts.add(NO_TABLE_SETTINGS);
        }
        if (found.withoutOban() && !found.pending().contains(OwnMigration.TABLE_SETTINGS)) {
            scripts.add(OwnMigration.TABLE_SETTINGS.script().sql(schema));
        }
        found.pending().forEach(step -> scripts.add(step.sql(schema)));
        if (!wanted.ginIndexes()) {
            scripts.add(WITHOUT_GIN.sql(schema));
        }
        return scripts;
    }
}
