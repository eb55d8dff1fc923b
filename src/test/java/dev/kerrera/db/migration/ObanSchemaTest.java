package dev.kerrera.db.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.MigrationSettings;
import dev.kerrera.config.Prefix;
import dev.kerrera.testsupport.SessionSettings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObanSchemaTest {

    private final Database database = Database.shared();
    private final String schema = Database.freshName();

    @Test
    void a_created_schema_equals_the_reference_object_by_object() throws Exception {
        String reference = database.referenceSchema();

        database.plainMigrator(schema).migrate();

        assertThat(CatalogDump.withoutOwn(database, schema))
                .hasSizeGreaterThan(60)
                .containsExactlyElementsOf(CatalogDump.of(database, reference));
    }

    @Test
    void with_settings_of_the_table_it_is_the_same_but_for_those() throws Exception {
        String reference = database.referenceSchema();

        database.migrator(schema).migrate();

        List<String> created = CatalogDump.withoutOwn(database, schema);
        assertThat(created).filteredOn(line -> line.contains("autovacuum_")).hasSize(1);
        assertThat(created)
                .filteredOn(line -> line.contains("gin_pending_list_limit"))
                .hasSize(4);
        assertThat(created.stream()
                        .map(line -> line.replaceFirst("options \\{[^}]*}", "options ")
                                .replace(" WITH (gin_pending_list_limit='1024')", "")))
                .containsExactlyElementsOf(CatalogDump.of(database, reference));
    }

    @Test
    void nothing_but_the_named_own_tables_is_added() throws Exception {
        database.migrator(schema).migrate();

        assertThat(database.query("SELECT relname FROM pg_class WHERE relnamespace = '" + schema
                        + "'::regnamespace AND relname LIKE 'kerrera%' ORDER BY 1"))
                .containsExactly(
                        "kerrera_crons",
                        "kerrera_crons_pkey",
                        "kerrera_migrations",
                        "kerrera_migrations_pkey",
                        "kerrera_producers",
                        "kerrera_producers_pkey",
                        "kerrera_queues",
                        "kerrera_queues_pkey");
    }

    @Test
    void a_job_gets_utc_times_by_default_whatever_the_session_time_zone() throws Exception {
        database.migrator(schema).migrate();

        database.run(
                "SET TimeZone = 'America/Los_Angeles'; INSERT INTO " + schema + ".oban_jobs (worker) VALUES ('Mail')");

        assertThat(database.query(
                        "SELECT timezone('UTC', now()) - inserted_at < '1 minute' AND inserted_at = scheduled_at"
                                + " FROM " + schema + ".oban_jobs"))
                .containsExactly("t");
    }

    @Test
    void the_session_time_zone_leaves_no_trace_in_the_schema() throws Exception {
        String reference = database.referenceSchema();
        var elsewhere = new SessionSettings(database.dataSource(), "SET TimeZone = 'America/Los_Angeles'");

        new Migrator(elsewhere, new Prefix(schema), new MigrationSettings(true, false, true)).migrate();

        assertThat(CatalogDump.withoutOwn(database, schema)).isEqualTo(CatalogDump.of(database, reference));
    }

    @Test
    void an_empty_search_path_suffices() throws Exception {
        var nowhere = new SessionSettings(database.dataSource(), "SET search_path = ''");

        new Migrator(nowhere, schema).migrate();

        assertThat(new Migrator(nowhere, schema).verify()).isInstanceOf(SchemaStatus.Ready.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"My-Schema", "a \"quoted\" name", "it's", "{brace", "$1 ?; --", "${schema}", "Größe", "select"})
    void odd_but_legal_names_are_honoured(String prefix) throws Exception {
        Database own = Database.fresh();

        own.migrator(prefix).migrate();

        assertThat(own.migrator(prefix).verify().describe())
                .isEqualTo("schema " + prefix + ", oban v14 (found), kerrera v5");
        assertThat(own.query(
                        "SELECT DISTINCT relnamespace::regnamespace::text FROM pg_class WHERE relname LIKE 'oban%'"))
                .hasSize(1);
    }

    @Test
    void public_is_used_as_it_is() throws Exception {
        Database own = Database.fresh();

        assertThat(own.migrator("public").migrate().describe())
                .isEqualTo("schema public, oban v14 (created), kerrera v5");
    }

    @Test
    void an_existing_schema_needs_no_right_to_create_schemas() throws Exception {
        Database own = Database.fresh();
        own.run("CREATE SCHEMA jobs; GRANT USAGE, CREATE ON SCHEMA jobs TO PUBLIC; CREATE ROLE " + schema);
        var limited = new SessionSettings(own.dataSource(), "SET ROLE " + schema);

        assertThat(new Migrator(limited, "jobs").migrate().origin()).isEqualTo(SchemaStatus.Origin.CREATED);
    }
}
