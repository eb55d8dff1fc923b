package dev.kerrera.db.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OwnTablesTest {

    private final Database database = Database.shared();
    private final String schema = Database.freshName();

    @Test
    void every_step_is_recorded_with_its_checksum() throws Exception {
        database.migrator(schema).migrate();

        assertThat(database.query("SELECT concat_ws(' ', version, description, length(checksum),"
                        + " timezone('UTC', now()) - installed_at < '1 hour') FROM " + schema
                        + ".kerrera_migrations ORDER BY version"))
                .containsExactly(
                        "1 producers 64 t",
                        "2 queues and crons 64 t",
                        "3 by index 64 t",
                        "4 table settings 64 t",
                        "5 fetch and completion 64 t");
    }

    @Test
    void a_producer_has_a_place_for_its_heartbeat() throws Exception {
        database.migrator(schema).migrate();

        assertThat(columns("kerrera_producers"))
                .containsExactly(
                        "uuid uuid required",
                        "name text required",
                        "node text required",
                        "queue text required",
                        "running_limit integer required",
                        "paused boolean required",
                        "started_at timestamp without time zone required",
                        "seen_at timestamp without time zone required");
    }

    @Test
    void a_queue_has_a_place_for_what_operators_asked_of_it() throws Exception {
        database.migrator(schema).migrate();

        assertThat(columns("kerrera_queues"))
                .containsExactly(
                        "name text required",
                        "node text required",
                        "queue text required",
                        "paused boolean",
                        "paused_at timestamp without time zone",
                        "running_limit integer",
                        "limit_at timestamp without time zone");
        for (String impossible : List.of(
                "(name, node, queue, running_limit, limit_at) VALUES ('Oban', '', 'mail', 0, now())",
                "(name, node, queue, running_limit) VALUES ('Oban', '', 'mail', 1)",
                "(name, node, queue, paused) VALUES ('Oban', '', 'mail', true)",
                "(name, node, queue, paused_at) VALUES ('Oban', '', 'mail', now())")) {
            assertThatThrownBy(() -> database.run("INSERT INTO " + schema + ".kerrera_queues " + impossible))
                    .hasMessageContaining("violates check constraint");
        }
    }

    @Test
    void a_cron_entry_has_a_place_for_how_far_it_has_come() throws Exception {
        database.migrator(schema).migrate();

        assertThat(columns("kerrera_crons"))
                .containsExactly(
                        "name text required",
                        "entry text required",
                        "expression text required",
                        "timezone text required",
                        "last_at timestamp without time zone required");
    }

    @Test
    void a_schema_at_v1_gets_what_is_missing() throws Exception {
        database.migrator(schema).migrate();
        database.run("DROP TABLE " + schema + ".kerrera_queues, " + schema + ".kerrera_crons; DROP FUNCTION " + schema
                + ".kerrera_by_index, " + schema
                + ".kerrera_fetch, " + schema + ".kerrera_complete; DELETE FROM " + schema
                + ".kerrera_migrations WHERE version > 1");

        assertThat(database.migrator(schema).migrate().kerreraVersion()).isEqualTo(OwnMigration.LATEST);

        assertThat(columns("kerrera_crons")).hasSize(5);
    }

    @Test
    void a_newer_node_may_have_gone_ahead() throws Exception {
        database.migrator(schema).migrate();
        database.run("INSERT INTO " + schema + ".kerrera_migrations VALUES (7, 'from the future', 'abc')");

        assertThat(database.migrator(schema).migrate().kerreraVersion()).isEqualTo(7);
        assertThat(database.migrator(schema).verify().orElseThrow().kerreraVersion())
                .isEqualTo(7);
    }

    @Test
    void a_step_installed_from_another_script_is_refused() throws Exception {
        database.migrator(schema).migrate();
        database.run("UPDATE " + schema + ".kerrera_migrations SET checksum = 'abc' WHERE version = 1");

        assertThatThrownBy(() -> database.migrator(schema).migrate())
                .isInstanceOf(SchemaRefusedException.class)
                .hasMessageContaining("kerrera v1 (producers) was installed from another script");
    }

    @Test
    void own_tables_outlive_a_down_and_up_of_oban() throws Exception {
        database.migrator(schema).migrate();
        database.run("DROP TABLE " + schema + ".oban_jobs, " + schema + ".oban_peers; DROP TYPE " + schema
                + ".oban_job_state");

        assertThat(database.migrator(schema).migrate().describe())
                .isEqualTo("schema " + schema + ", oban v14 (created), kerrera v5");
    }

    @Test
    void released_scripts_are_never_edited() {
        assertThat(OwnMigration.ALL)
                .extracting(step -> step.version() + " " + step.script().checksum())
                .containsExactly(
                        "1 9922d0e6ffcc98d89b169dd8adc0599009aa2aa6fb6ab4a1df8bcf248e42f18f",
                        "2 bd528e8474d9fca2470c4dd82e056d8009abc78f1e405424c3e2bf0d8908ddbf",
                        "3 8030eff9a946cbb86a2f3468774ae29ad8efa14593b8f25201841ecbb8744859",
                        "4 e512408fdfcb4d1ff02d40a306cd49712b7cd983c45ab767026e28314e40ede2",
                        "5 c7d7890c43fee8c0b14e498cda9277780c7cb0dd0f1712d719e104c793a1cc40");
    }

    private List<String> columns(String table) throws Exception {
        return database.query("SELECT concat_ws(' ', attname, format_type(atttypid, atttypmod),"
                + " CASE WHEN attnotnull THEN 'required' END) FROM pg_attribute WHERE attrelid = '" + schema + "."
                + table + "'::regclass AND attnum > 0 ORDER BY attnum");
    }
}
