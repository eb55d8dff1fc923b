package bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes the benchmark's database anew, on the server that {@code PGHOST}, {@code PGPORT} and {@code PGUSER} name, or on one of its own
 * that runs until standard input ends. Prints where it is as variables, and then {@code ready}. Not part of the application.
 */
public final class Postgres {

    private Postgres() {}

    /**
     * Runs it.
     *
     * @param arguments name of the database, and the directory for a server of its own
     */
    public static void main(String[] arguments) throws Exception {
        String database = arguments[0];
        if (System.getenv("PGHOST") != null || System.getenv("PGPORT") != null) {
            remake(
                    Sizes.text("PGHOST", "127.0.0.1"),
                    Sizes.of("PGPORT", 5432),
                    Sizes.text("PGUSER", "postgres"),
                    database);
            tell("ready");
            return;
        }
        Path home = Path.of(arguments[1]).toAbsolutePath();
        try (EmbeddedPostgres postgres = start(home)) {
            remake("127.0.0.1", postgres.getPort(), "postgres", database);
            tell("BENCH_PGDATA=" + home.resolve("data"));
            tell("ready");
            awaitEndOfInput();
        }
    }

    /** As durable as a server in earnest; the library's own settings are for quick tests. */
    private static EmbeddedPostgres start(Path home) throws IOException {
        return EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(home.toFile())
                .setDataDirectory(home.resolve("data"))
                .setCleanDataDirectory(true)
                .setLocaleConfig("locale", "C")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("shared_buffers", "512MB")
                .setServerConfig("max_connections", "200")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start();
    }

    private static void remake(String host, int port, String user, String database) throws SQLException {
        String password = Optional.ofNullable(System.getenv("PGPASSWORD")).orElse("");
        String url = "jdbc:postgresql://%s:%d/postgres".formatted(host, port);
        try (Connection connection = DriverManager.getConnection(url, user, password);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(database));
            statement.execute("CREATE DATABASE " + database);
        }
        tell("PGHOST=" + host);
        tell("PGPORT=" + port);
        tell("PGUSER=" + user);
    }

    private static void tell(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static void awaitEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            // whatever is said, only the end counts
        }
    }
}
