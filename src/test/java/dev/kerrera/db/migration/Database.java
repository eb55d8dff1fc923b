package dev.kerrera.db.migration;

import dev.kerrera.config.MigrationSettings;
import dev.kerrera.config.Prefix;
import dev.kerrera.testsupport.EmbeddedPostgresServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/** A superuser's hand on the test database: runs SQL, makes fresh names, and can forbid DDL. */
final class Database {

    private static final String RUN = UUID.randomUUID().toString().substring(0, 8);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final PGSimpleDataSource dataSource;

    private Database(PGSimpleDataSource dataSource) {
        this.dataSource = dataSource;
    }

    static Database shared() {
        return new Database(EmbeddedPostgresServer.shared().dataSource());
    }

    /** A database of its own, for tests that need its {@code public} schema or its settings. */
    static Database fresh() throws SQLException {
        String name = freshName();
        shared().run("CREATE DATABASE " + name);
        var dataSource = EmbeddedPostgresServer.shared().dataSource();
        dataSource.setDatabaseName(name);
        return new Database(dataSource);
    }

    /** A name never used before, in a server that may have seen earlier runs; needs no quoting. */
    static String freshName() {
        return "migration_" + RUN + "_" + NUMBER.incrementAndGet();
    }

    PGSimpleDataSource dataSource() {
        return dataSource;
    }

    Migrator migrator(String prefix) {
        return new Migrator(dataSource, prefix);
    }

    /** One that leaves Oban's tables without settings. */
    Migrator plainMigrator(String prefix) {
        return new Migrator(dataSource, new Prefix(prefix), new MigrationSettings(true, false, true));
    }

    /** A new schema holding Oban's tables as the reference spells them. */
    String referenceSchema() throws Exception {
        String schema = freshName();
        run("CREATE SCHEMA " + schema);
        try (var stream = Database.class.getResourceAsStream("reference_v14.sql")) {
            var sql = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            run(sql.replace("${schema}", schema));
        }
        return schema;
    }

    void run(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    List<String> query(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return values;
        }
    }

    /** From now on every DDL statement in this database fails. */
    void forbidDdl() throws SQLException {
        run("""
            CREATE FUNCTION public.forbid() RETURNS event_trigger LANGUAGE plpgsql AS
              $$ BEGIN RAISE EXCEPTION 'DDL is forbidden here: %', tg_tag; END $$;
            CREATE EVENT TRIGGER forbid ON ddl_command_start EXECUTE FUNCTION public.forbid()""");
    }
}
