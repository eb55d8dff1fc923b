package dev.kerrera.db.migration;

import static dev.kerrera.db.migration.SchemaStatus.Origin.CREATED;
import static dev.kerrera.db.migration.SchemaStatus.Origin.FOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kerrera.db.migration.SchemaStatus.Ready;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoundSchemaTest {

    private final Database database = Database.shared();

    @Test
    void oban_tables_at_v14_are_left_untouched_and_own_tables_join_them() throws Exception {
        String schema = database.referenceSchema();
        List<String> before = CatalogDump.rowVersions(database, schema);

        assertThat(database.plainMigrator(schema).migrate())
                .isEqualTo(new Ready(schema, "14", FOUND, OwnMigration.LATEST));

        assertThat(CatalogDump.rowVersions(database, schema)).containsAll(before);
    }

    @Test
    void a_second_migration_runs_no_ddl_at_all() throws Exception {
        Database own = Database.fresh();
        assertThat(own.migrator("jobs").migrate()).isEqualTo(new Ready("jobs", "14", CREATED, OwnMigration.LATEST));
        List<String> before = CatalogDump.rowVersions(own, "jobs");
        own.forbidDdl();

        assertThat(own.migrator("jobs").migrate()).isEqualTo(new Ready("jobs", "14", FOUND, OwnMigration.LATEST));

        assertThat(CatalogDump.rowVersions(own, "jobs")).isEqualTo(before);
    }

    @Test
    void the_ddl_alarm_does_ring() throws Exception {
        Database own = Database.fresh();
        own.forbidDdl();

        assertThatThrownBy(() -> own.migrator("jobs").migrate())
                .isInstanceOf(SchemaException.class)
                .hasMessageContainingAll("could not migrate schema jobs", "DDL is forbidden here");
    }

    @Test
    void the_existing_jobs_survive() throws Exception {
        String schema = database.referenceSchema();
        database.run("INSERT INTO " + schema + ".oban_jobs (worker) VALUES ('A'), ('B')");

        database.migrator(schema).migrate();

        assertThat(database.query("SELECT worker FROM " + schema + ".oban_jobs ORDER BY id"))
                .containsExactly("A", "B");
    }

    @Test
    void an_externally_managed_schema_is_accepted() throws Exception {
        String schema = database.referenceSchema();
        database.run("COMMENT ON TABLE " + schema + ".oban_jobs IS '∞'");

        assertThat(database.migrator(schema).migrate().describe())
                .isEqualTo("schema " + schema + ", oban v∞ (found), kerrera v5");
        assertThat(database.query("SELECT obj_description('" + schema + ".oban_jobs'::regclass)"))
                .containsExactly("∞");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE oban_beats (id int)",
                "CREATE TABLE oban_producers (id int)",
                "CREATE FUNCTION oban_count_estimate(text, text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "DROP INDEX oban_jobs_meta_index",
                "CREATE INDEX oban_jobs_extra ON oban_jobs (scheduled_at) WHERE state IN ('scheduled', 'retryable')",
                "ALTER TABLE oban_jobs ALTER meta SET NOT NULL",
                "ALTER TABLE oban_jobs ALTER scheduled_at TYPE timestamp(3)",
                "ALTER TABLE oban_jobs ADD tenant text NOT NULL DEFAULT 'none', ADD note text",
                "ALTER TABLE oban_jobs ADD lag text NOT NULL GENERATED ALWAYS AS (queue || worker) STORED",
                "ALTER TABLE oban_peers SET LOGGED",
                "ALTER TYPE oban_job_state ADD VALUE 'paused'",
            })
    void what_does_no_harm_is_tolerated(String change) throws Exception {
        String schema = database.referenceSchema();
        database.run("SET search_path = " + schema + "; " + change);

        assertThat(database.migrator(schema).migrate().origin()).isEqualTo(FOUND);
    }

    @Test
    void a_partitioned_jobs_table_needs_no_key_on_id_alone() throws Exception {
        String schema = database.referenceSchema();
        database.run("SET search_path = " + schema + """
                ;
                CREATE TABLE parts (LIKE oban_jobs INCLUDING DEFAULTS) PARTITION BY LIST (state);
                ALTER TABLE parts ADD PRIMARY KEY (state, id);
                ALTER TABLE parts ALTER id DROP DEFAULT;
                DROP TABLE oban_jobs;
                CREATE SEQUENCE ids;
                ALTER TABLE parts ALTER id SET DEFAULT nextval('ids');
                ALTER TABLE parts RENAME TO oban_jobs;
                COMMENT ON TABLE oban_jobs IS '∞'""");

        assertThat(database.migrator(schema).migrate().obanVersion()).isEqualTo("∞");
    }
}
