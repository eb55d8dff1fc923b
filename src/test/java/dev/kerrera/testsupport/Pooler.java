package dev.kerrera.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A PgBouncer in transaction mode in front of the tests' server. It ends with the JVM. */
final class Pooler {

    /**
     * What sessions of {@link UnfriendlyDataSource} set must hold for every session, because a pooler of transactions lends each to
     * anybody; time zone and application name follow the client by themselves.
     */
    private static final String CONFIGURATION = """
            [databases]
            * = host=127.0.0.1 port=%d connect_query='SELECT set_config(''search_path'', '''', false)'
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = %d
            unix_socket_dir =
            auth_type = trust
            auth_file = %s
            pool_mode = transaction
            default_pool_size = 20
            max_client_conn = 2000
            ignore_startup_parameters = extra_float_digits
            log_connections = 0
            log_disconnections = 0
            """;

    private Pooler() {}

    /** Starts one and returns the way through it. */
    static EmbeddedPostgresServer before(EmbeddedPostgresServer server) {
        try {
            int target = URI.create(server.url().substring("jdbc:".length())).getPort();
            int port = freePort();
            start(target, port, server);
            String url = server.url().replace(":" + target + "/", ":" + port + "/");
            return new EmbeddedPostgresServer(url + "?prepareThreshold=0", server.user(), server.password());
        } catch (IOException e) {
            throw new IllegalStateException("PgBouncer did not start; is it installed?", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void start(int target, int port, EmbeddedPostgresServer server)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("kerrera-pooler");
        Path users = directory.resolve("users");
        Path configuration = directory.resolve("pgbouncer.ini");
        Path log = directory.resolve("log");
        Files.writeString(users, "\"%s\" \"%s\"\n".formatted(server.user(), server.password()));
        Files.writeString(configuration, CONFIGURATION.formatted(target, port, users));
        for (Path file : List.of(directory, users, configuration)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Process pooler = new ProcessBuilder(command(configuration))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(pooler::destroy));
        for (int attempt = 0; attempt < 100; attempt++) {
            if (pooler.waitFor(100, TimeUnit.MILLISECONDS)) {
                throw new IOException("It ended: " + Files.readString(log));
            }
            if (answers(port)) {
                return;
            }
        }
        throw new IOException("It does not answer: " + Files.readString(log));
    }

    /** It refuses to run as root. */
    private static List<String> command(Path configuration) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        }
        command.addAll(List.of("pgbouncer", configuration.toString()));
        return command;
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
