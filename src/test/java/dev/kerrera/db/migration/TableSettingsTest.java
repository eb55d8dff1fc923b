package dev.kerrera.db.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.MigrationSettings;
import dev.kerrera.config.Prefix;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.SessionSettings;
import java.sql.Connection;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** What migrating does to the jobs table and its indexes, and when it keeps its hands off. */
class TableSettingsTest {

    private static final String[] ALL = {
        "autovacuum_vacuum_scale_factor=0.02",
        "autovacuum_vacuum_threshold=1000",
        "autovacuum_vacuum_insert_scale_factor=0.02",
        "autovacuum_vacuum_cost_delay=0",
        "autovacuum_analyze_scale_factor=0.05",
        "autovacuum_analyze_threshold=1000"
    };
    private static final String SMALL = "gin_pending_list_limit=1024";

    private final Database database = Database.shared();

    @Test
    void a_new_table_and_one_from_elixir_get_settings() throws Exception {
        String created = Database.freshName();
        String found = database.referenceSchema();
        for (String schema : List.of(created, found)) {
            database.migrator(schema).migrate();

            assertThat(options(schema, "oban_jobs")).containsExactlyInAnyOrder(ALL);
            assertThat(options(schema, "oban_jobs_args_index")).containsExactly(SMALL);
            assertThat(options(schema, "oban_jobs_meta_index")).containsExactly(SMALL);
        }
    }

    @Test
    void a_name_that_must_be_quoted_is_no_obstacle() throws Exception {
        Database own = Database.fresh();
        own.migrator("it's \"odd\" $1").migrate();

        assertThat(own.query("SELECT count(*) FROM pg_class WHERE reloptions::text LIKE '%autovacuum_vacuum_cost%'"))
                .containsExactly("1");
    }

    @Test
    void what_somebody_has_chosen_stays() throws Exception {
        String schema = database.referenceSchema();
        database.run("SET search_path = " + schema + """
                ;
                ALTER TABLE oban_jobs SET (autovacuum_vacuum_scale_factor = 0.3, fillfactor = 80);
                ALTER INDEX oban_jobs_args_index SET (gin_pending_list_limit = 2048, fastupdate = off)""");

        database.migrator(schema).migrate();

        assertThat(options(schema, "oban_jobs"))
                .hasSize(7)
                .contains("autovacuum_vacuum_scale_factor=0.3", "fillfactor=80", "autovacuum_vacuum_cost_delay=0");
        assertThat(options(schema, "oban_jobs_args_index"))
                .containsExactly("gin_pending_list_limit=2048", "fastupdate=off");
    }

    @Test
    void what_somebody_takes_back_is_not_made_again() throws Exception {
        String schema = database.referenceSchema();
        database.migrator(schema).migrate();
        database.run("ALTER TABLE " + schema + ".oban_jobs RESET (autovacuum_vacuum_cost_delay)");

        database.migrator(schema).migrate();

        assertThat(options(schema, "oban_jobs")).hasSize(5);
    }

    @Test
    void they_are_not_wanted_where_the_key_says_so_or_the_table_is_managed_elsewhere() throws Exception {
        String plain = database.referenceSchema();
        database.plainMigrator(plain).migrate();
        String elsewhere = database.referenceSchema();
        database.run("COMMENT ON TABLE " + elsewhere + ".oban_jobs IS '∞'");
        database.migrator(elsewhere).migrate();

        for (String schema : List.of(plain, elsewhere)) {
            assertThat(options(schema, "oban_jobs")).isEmpty();
            assertThat(options(schema, "oban_jobs_args_index")).isEmpty();
        }
    }

    @Test
    void indexes_that_are_missing_or_called_otherwise_are_no_obstacle() throws Exception {
        String schema = database.referenceSchema();
        database.run("SET search_path = " + schema
                + "; DROP INDEX oban_jobs_args_index; ALTER INDEX oban_jobs_meta_index RENAME TO other");

        database.migrator(schema).migrate();

        assertThat(options(schema, "oban_jobs")).containsExactlyInAnyOrder(ALL);
        assertThat(options(schema, "other")).containsExactly(SMALL);
    }

    @Test
    void a_table_of_somebody_else_is_left_alone() throws Exception {
        Database own = Database.fresh();
        String role = Database.freshName();
        own.run("CREATE SCHEMA jobs");
        own.plainMigrator("jobs").migrate();
        own.run("CREATE ROLE " + role + "; GRANT USAGE, CREATE ON SCHEMA jobs TO " + role
                + "; GRANT ALL ON ALL TABLES IN SCHEMA jobs TO " + role
                + "; DELETE FROM jobs.kerrera_migrations WHERE version = 4");
        var limited = new SessionSettings(own.dataSource(), "SET ROLE " + role);

        assertThat(new Migrator(limited, new Prefix("jobs"), new MigrationSettings(true, true, false))
                        .migrate()
                        .kerreraVersion())
                .isEqualTo(OwnMigration.LATEST);

        assertThat(options(own, "jobs", "oban_jobs")).isEmpty();
        assertThat(gin(own, "jobs")).hasSize(2);
    }

    @Test
    void a_lock_that_is_not_to_be_had_is_told_and_not_waited_for() throws Exception {
        String schema = database.referenceSchema();
        try (Connection vacuum = database.dataSource().getConnection();
                CapturedLog log = CapturedLog.of(Migrator.class)) {
            vacuum.setAutoCommit(false);
            vacuum.createStatement().execute("LOCK TABLE " + schema + ".oban_jobs IN SHARE UPDATE EXCLUSIVE MODE");

            database.migrator(schema).migrate();

            assertThat(log.messages(Level.WARNING))
                    .singleElement()
                    .asString()
                    .contains("lock timeout", "can be made at any time: ALTER TABLE " + schema + ".oban_jobs SET (");
        }
        assertThat(options(schema, "oban_jobs")).isEmpty();
        assertThat(options(schema, "oban_jobs_args_index")).containsExactly(SMALL);
    }

    @Test
    void tables_that_oban_drops_and_kerrera_makes_again_have_them_again() throws Exception {
        String schema = Database.freshName();
        database.migrator(schema).migrate();
        database.run("SET search_path = " + schema + "; DROP TABLE oban_jobs, oban_peers; DROP TYPE oban_job_state");

        database.migrator(schema).migrate();

        assertThat(options(schema, "oban_jobs")).containsExactlyInAnyOrder(ALL);
    }

    @Test
    void gin_indexes_are_dropped_on_demand_and_the_log_says_how_to_have_them_again() throws Exception {
        String schema = database.referenceSchema();
        database.run(
                "SET search_path = " + schema
                        + "; ALTER INDEX oban_jobs_meta_index RENAME TO other; CREATE INDEX mine ON oban_jobs USING gin (tags)");
        Migrator without =
                new Migrator(database.dataSource(), new Prefix(schema), new MigrationSettings(true, true, false));
        try (CapturedLog log = CapturedLog.of(Migrator.class)) {
            without.migrate();
            without.migrate();

            assertThat(log.messages(Level.INFO))
                    .filteredOn(line -> line.contains("is dropped"))
                    .hasSize(2);
            for (String line : log.messages(Level.INFO).stream()
                    .filter(line -> line.contains("is dropped"))
                    .toList()) {
                database.run(line.substring(line.indexOf("CREATE INDEX")));
            }
        }

        assertThat(gin(database, schema)).containsExactly("mine", "oban_jobs_args_index", "oban_jobs_meta_index");
        assertThat(without.verify()).isInstanceOf(SchemaStatus.Ready.class);
    }

    @Test
    void a_database_without_gin_indexes_does_as_well() throws Exception {
        String schema = Database.freshName();
        new Migrator(database.dataSource(), new Prefix(schema), new MigrationSettings(true, true, false)).migrate();

        assertThat(gin(database, schema)).isEmpty();
        database.migrator(schema).migrate();
        assertThat(gin(database, schema)).isEmpty();
    }

    private static List<String> gin(Database database, String schema) throws Exception {
        return database.query("SELECT indexname FROM pg_indexes WHERE schemaname = '" + schema
                + "' AND tablename = 'oban_jobs' AND indexdef LIKE '%USING gin%' ORDER BY 1");
    }

    private List<String> options(String schema, String relation) throws Exception {
        return options(database, schema, relation);
    }

    private static List<String> options(Database database, String schema, String relation) throws Exception {
        return database.query(
                "SELECT unnest(reloptions) FROM pg_class WHERE oid = '" + schema + "." + relation + "'::regclass");
    }
}
