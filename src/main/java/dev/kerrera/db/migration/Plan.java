package dev.kerrera.db.migration;

import dev.kerrera.config.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The scripts that take a schema, as found, to what Kerrera needs: none at all when it is there already. */
record Plan(Prefix schema, Inventory found) {

    private static final Script OWN_RECORD = Script.load("kerrera_migrations.sql");

    /** The plan for a database that holds nothing yet. */
    static Plan fromNothing(Prefix schema) {
        return new Plan(schema, new Inventory(schema.isPublic(), List.of(), Map.of(), Map.of()));
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
        found.pending().forEach(step -> scripts.add(step.sql(schema)));
        return scripts;
    }
}
