package dev.kerrera.job;

import dev.kerrera.testsupport.EmbeddedPostgresServer;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceConfiguration;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.jpa.HibernatePersistenceConfiguration;
import org.postgresql.ds.PGSimpleDataSource;

/** A table of jobs in a schema of its own, on a real PostgreSQL, and persistence units over it. */
final class JobTable implements AutoCloseable {
    private static final String DDL = """
            CREATE TYPE oban_job_state AS ENUM
              ('available','suspended','scheduled','executing','retryable','completed','discarded','cancelled');
            CREATE TABLE oban_jobs (
              id            bigserial PRIMARY KEY,
              state         oban_job_state NOT NULL DEFAULT 'available',
              queue         text      NOT NULL DEFAULT 'default',
              worker        text      NOT NULL,
              args          jsonb     NOT NULL DEFAULT '{}',
              errors        jsonb[]   NOT NULL DEFAULT ARRAY[]::jsonb[],
              attempt       integer   NOT NULL DEFAULT 0,
              max_attempts  integer   NOT NULL DEFAULT 20,
              inserted_at   timestamp NOT NULL DEFAULT timezone('UTC', now()),
              scheduled_at  timestamp NOT NULL DEFAULT timezone('UTC', now()),
              attempted_at  timestamp,
              completed_at  timestamp,
              attempted_by  text[],
              discarded_at  timestamp,
              priority      integer   NOT NULL DEFAULT 0,
              tags          text[]    DEFAULT ARRAY[]::text[],
              meta          jsonb     DEFAULT '{}',
              cancelled_at  timestamp,
              CONSTRAINT worker_length         CHECK (char_length(worker) > 0 AND char_length(worker) < 128),
              CONSTRAINT queue_length          CHECK (char_length(queue)  > 0 AND char_length(queue)  < 128),
              CONSTRAINT positive_max_attempts CHECK (max_attempts > 0),
              CONSTRAINT attempt_range         CHECK (attempt BETWEEN 0 AND max_attempts));
            ALTER TABLE oban_jobs ADD CONSTRAINT non_negative_priority CHECK (priority >= 0) NOT VALID;
            CREATE INDEX oban_jobs_args_index ON oban_jobs USING gin (args);
            CREATE INDEX oban_jobs_meta_index ON oban_jobs USING gin (meta);
            CREATE INDEX oban_jobs_state_queue_priority_scheduled_at_id_index
              ON oban_jobs USING btree (state, queue, priority, scheduled_at, id);
            CREATE INDEX oban_jobs_state_cancelled_at_index ON oban_jobs USING btree (state, cancelled_at);
            CREATE INDEX oban_jobs_state_discarded_at_index ON oban_jobs USING btree (state, discarded_at);
            """;

    private final String schema;

    private JobTable(String schema) {
        this.schema = schema;
    }

    static JobTable in(String schema) {
        JobTable table = new JobTable(schema);
        table.sql("DROP SCHEMA IF EXISTS \"" + schema + "\" CASCADE");
        table.sql("CREATE SCHEMA \"" + schema + "\"");
        table.sql(DDL);
        return table;
    }

    void sql(String statement) {
        try (Connection connection = lookingIn(schema).getConnection()) {
            connection.createStatement().execute(statement);
        } catch (SQLException failed) {
            throw new AssertionError(statement, failed);
        }
    }

    /** The plan of a statement over jobs of a state in a queue. */
    String plan(String sql, String state, String queue) {
        return lines("EXPLAIN "
                + sql.replace("j1_0.queue=?", "j1_0.queue='" + queue + "'").replace("?", "'" + state + "'"));
    }

    /** The columns with their types, and every type that exists in the schema. */
    String definition() {
        return lines("SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute"
                        + " WHERE attrelid = 'oban_jobs'::regclass ORDER BY attnum")
                + lines(
                        "SELECT typname FROM pg_type WHERE typnamespace = to_regnamespace(quote_ident(current_schema)) ORDER BY 1");
    }

    private String lines(String query) {
        StringBuilder text = new StringBuilder();
        try (Connection connection = lookingIn(schema).getConnection();
                ResultSet lines = connection.createStatement().executeQuery(query)) {
            while (lines.next()) {
                text.append(lines.getString(1)).append('\n');
            }
        } catch (SQLException failed) {
            throw new AssertionError(query, failed);
        }
        return text.toString();
    }

    /** A unit whose connections look in the schema. */
    EntityManagerFactory unit(Map<String, ?> settings) {
        return unit(lookingIn(schema), settings);
    }

    /** A unit whose connections look elsewhere, so that only Hibernate's default schema leads to the table. */
    EntityManagerFactory unitByDefaultSchema() {
        return unit(lookingIn("public"), Map.of("hibernate.default_schema", schema));
    }

    static <T> T query(EntityManagerFactory unit, Function<EntityManager, T> query) {
        try (EntityManager entities = unit.createEntityManager()) {
            return query.apply(entities);
        }
    }

    private static EntityManagerFactory unit(DataSource source, Map<String, ?> settings) {
        PersistenceConfiguration unit = new HibernatePersistenceConfiguration("jobs")
                .managedClass(Job.class)
                .property(JdbcSettings.JAKARTA_NON_JTA_DATASOURCE, source);
        settings.forEach(unit::property);
        return unit.createEntityManagerFactory();
    }

    private static DataSource lookingIn(String schema) {
        PGSimpleDataSource source = EmbeddedPostgresServer.shared().dataSource();
        source.setCurrentSchema('"' + schema + '"');
        return source;
    }

    @Override
    public void close() {
        sql("DROP SCHEMA \"" + schema + "\" CASCADE");
    }
}
