package dev.kerrera.db.migration;

import static dev.kerrera.db.migration.SchemaStatus.Origin.FOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kerrera.db.migration.SchemaStatus.Ready;
import dev.kerrera.db.migration.SchemaStatus.Refused;
import dev.kerrera.testsupport.SessionSettings;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class VerifyTest {

    private final Database database = Database.shared();
    private final String schema = Database.freshName();

    @Test
    void nothing_at_all_is_reported_and_nothing_is_created() throws Exception {
        Refused refused = (Refused) database.migrator(schema).verify();

        assertThat(refused.problems())
                .containsExactly(
                        "schema " + schema + " does not exist",
                        "oban's tables are missing, needs oban v14",
                        "found kerrera v0, needs v" + OwnMigration.LATEST);
        assertThat(refused.remedy()).contains("kerrera.migrate=true");
        assertThat(database.query("SELECT nspname FROM pg_namespace WHERE nspname = '" + schema + "'"))
                .isEmpty();
    }

    @Test
    void a_schema_from_elixir_lacks_only_the_own_tables() throws Exception {
        Refused refused =
                (Refused) database.migrator(database.referenceSchema()).verify();

        assertThat(refused.problems()).containsExactly("found kerrera v0, needs v" + OwnMigration.LATEST);
    }

    @Test
    void a_migrated_schema_is_ready() {
        database.migrator(schema).migrate();

        assertThat(database.migrator(schema).verify().orElseThrow())
                .isEqualTo(new Ready(schema, "14", FOUND, OwnMigration.LATEST));
    }

    @Test
    void it_works_in_a_read_only_database_session() {
        database.migrator(schema).migrate();
        var readOnly = new SessionSettings(database.dataSource(), "SET default_transaction_read_only = on");

        assertThat(new Migrator(readOnly, schema).verify()).isInstanceOf(Ready.class);
    }

    @Test
    void a_refusal_can_be_thrown() {
        assertThatThrownBy(() -> database.migrator(schema).verify().orElseThrow())
                .isInstanceOf(SchemaRefusedException.class)
                .hasMessageStartingWith("schema " + schema + " refused:\n  - ")
                .hasMessageContaining("\nRemedy: ");
    }

    @Test
    void the_script_does_what_migrate_does() throws Exception {
        String other = Database.freshName();
        database.migrator(other).migrate();

        database.run(Migrator.script(schema));

        assertThat(database.migrator(schema).verify()).isInstanceOf(Ready.class);
        assertThat(CatalogDump.of(database, schema)).isEqualTo(CatalogDump.of(database, other));
    }

    @Test
    void what_is_pending_leads_an_older_schema_to_this_version_and_then_there_is_nothing() throws Exception {
        database.migrator(schema).migrate();
        database.run("DROP FUNCTION " + schema + ".kerrera_fetch, " + schema + ".kerrera_complete; DELETE FROM "
                + schema + ".kerrera_migrations WHERE version = 5");
        assertThat(database.migrator(schema).verify()).isInstanceOf(Refused.class);

        database.run(database.migrator(schema).pending());

        assertThat(database.migrator(schema).verify()).isInstanceOf(Ready.class);
        assertThat(database.migrator(schema).pending()).isEmpty();
    }

    @Test
    void an_unreachable_database_is_an_error_of_its_own() {
        var nowhere = new PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://localhost:1/none");

        assertThatThrownBy(() -> new Migrator(nowhere, "public").verify())
                .isExactlyInstanceOf(SchemaException.class)
                .hasMessageStartingWith("could not verify schema public: ");
    }
}
