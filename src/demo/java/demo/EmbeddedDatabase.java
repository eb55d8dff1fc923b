package demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.BeforeShutdown;
import jakarta.enterprise.inject.spi.Extension;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs PostgreSQL beside the demonstration's server, unless {@code KERRERA_DB_URL} names another one. Its data survive a
 * restart. It is a portable extension because those start before any bean asks for a connection and stop after the last.
 */
public class EmbeddedDatabase implements Extension {
    private static final Logger LOG = System.getLogger(EmbeddedDatabase.class.getName());
    private static final int PORT = 54329;
    private static final String NAME = "kerrera";

    private final Path home = Path.of(System.getProperty("demo.database", "postgres"));
    private @Nullable EmbeddedPostgres postgres;

    void start(@Observes BeforeBeanDiscovery event) throws Exception {
        if (System.getenv("KERRERA_DB_URL") != null) {
            return;
        }
        Path data = home.resolve("data");
        stopLeftover(data.resolve("postmaster.pid"));
        postgres = EmbeddedPostgres.builder()
                .setPort(PORT)
                .setOverrideWorkingDirectory(home.toFile())
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                // A hook of its own would stop it while the server is still finishing jobs.
                .setRegisterShutdownHook(false)
                .setServerConfig("max_prepared_transactions", "20")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start();
        createDatabase(postgres);
        LOG.log(
                Level.INFO,
                "PostgreSQL listens at jdbc:postgresql://127.0.0.1:{0}/{1}, user postgres",
                "" + PORT,
                NAME);
    }

    void stop(@Observes BeforeShutdown event) throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }

    private static void createDatabase(EmbeddedPostgres postgres) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT FROM pg_database WHERE datname = '" + NAME + "'")) {
            if (!found.next()) {
                statement.execute("CREATE DATABASE " + NAME);
            }
        }
    }

    /** A server that was killed leaves its PostgreSQL running. */
    private void stopLeftover(Path pidFile)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        if (Files.notExists(pidFile)) {
            return;
        }
        long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
        ProcessHandle process = ProcessHandle.of(pid).orElse(null);
        if (process != null && isOurs(process.info().command().orElse(""))) {
            process.destroy();
            process.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    /** The number may have been given to another process meanwhile. */
    private boolean isOurs(String command) {
        return command.endsWith("/postgres") && Path.of(command).startsWith(home.toAbsolutePath());
    }
}
