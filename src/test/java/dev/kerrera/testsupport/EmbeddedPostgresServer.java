package dev.kerrera.testsupport;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The PostgreSQL of this test JVM: started when first asked for and stopped with the JVM, unless {@code
 * KERRERA_TEST_DB_URL} (with {@code KERRERA_TEST_DB_USER} and {@code KERRERA_TEST_DB_PASSWORD}) names a running one.
 */
public record EmbeddedPostgresServer(String url, String user, String password) {
    private static final String DATABASE = "kerrera";

    /**
     * The one server, listening on the port in the system property {@code test.db.port}, or on a free one; by way of a PgBouncer
     * where {@code KERRERA_TEST_POOLER} is set.
     */
    public static EmbeddedPostgresServer shared() {
        return Shared.WAY;
    }

    /** The same server past the pooler, if there is one. */
    public static EmbeddedPostgresServer direct() {
        return Shared.SERVER;
    }

    /** Whether there is one. */
    public static boolean isPooled() {
        return System.getenv("KERRERA_TEST_POOLER") != null;
    }

    public PGSimpleDataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(url);
        source.setUser(user);
        source.setPassword(password);
        return source;
    }

    private static EmbeddedPostgresServer find() {
        String url = System.getenv("KERRERA_TEST_DB_URL");
        return url == null
                ? start()
                : new EmbeddedPostgresServer(url, environment("USER", "postgres"), environment("PASSWORD", ""));
    }

    private static String environment(String name, String fallback) {
        return System.getenv().getOrDefault("KERRERA_TEST_DB_" + name, fallback);
    }

    private static EmbeddedPostgresServer start() {
        try {
            // Below target, because a directory in /tmp made by root cannot be used by anybody else.
            EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(Path.of("target", "postgres").toFile())
                    .setPort(Integer.getInteger("test.db.port", 0))
                    .setServerConfig("max_connections", "200")
                    .setServerConfig("max_prepared_transactions", "20")
                    .start();
            try (Connection connection = postgres.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + DATABASE);
            }
            String url = "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + DATABASE;
            return new EmbeddedPostgresServer(url, "postgres", "");
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start", e);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL started, but the database could not be created", e);
        }
    }

    private static final class Shared {
        static final EmbeddedPostgresServer SERVER = find();
        static final EmbeddedPostgresServer WAY = isPooled() ? Pooler.before(SERVER) : SERVER;
    }
}
