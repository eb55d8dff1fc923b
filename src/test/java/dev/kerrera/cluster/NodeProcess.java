package dev.kerrera.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.testsupport.EmbeddedPostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A {@link ClusterNode} as those who start it see it. */
final class NodeProcess {

    private final String node;
    private final Path output;
    private final Process process;

    private NodeProcess(String node, Path output, Process process) {
        this.node = node;
        this.output = output;
        this.process = process;
    }

    static NodeProcess start(String schema, String node, String... settings) throws IOException {
        EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ClusterNode.class.getName(),
                schema,
                node));
        command.addAll(List.of(settings));
        Path output = Files.createTempFile(Path.of("target"), "node-" + node + "-", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().remove("KERRERA_TEST_POOLER");
        builder.environment()
                .putAll(Map.of(
                        "KERRERA_TEST_DB_URL", server.url(),
                        "KERRERA_TEST_DB_USER", server.user(),
                        "KERRERA_TEST_DB_PASSWORD", server.password()));
        return new NodeProcess(node, output, builder.start());
    }

    NodeProcess awaitStarted() {
        await().atMost(60, SECONDS).until(() -> says("started") || !process.isAlive());
        assertThat(process.isAlive()).as("%s, see %s", node, output).isTrue();
        return this;
    }

    String node() {
        return node;
    }

    /** Asks it to stop and returns when it has. */
    void stop() throws Exception {
        process.getOutputStream().close();
        assertThat(process.waitFor(60, SECONDS))
                .as("%s ends, see %s", node, output)
                .isTrue();
        assertThat(says("stopped"))
                .as("%s ended in order, see %s", node, output)
                .isTrue();
    }

    /** Begins to stop it. */
    void beginStop() throws IOException {
        process.getOutputStream().close();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(20, SECONDS)).isTrue();
    }

    /** The moments in which it was seen to lead, by the machine's clock in milliseconds. */
    List<Long> led() throws IOException {
        return Files.readAllLines(output).stream()
                .filter(line -> line.matches("leads \\d{13}"))
                .map(line -> Long.valueOf(line.substring("leads ".length())))
                .toList();
    }

    /** Lines of warnings and errors, of which a good node prints none. */
    List<String> complaints() throws IOException {
        return Files.readAllLines(output).stream()
                .filter(line -> line.contains("WARN") || line.contains("SEVERE") || line.contains("Exception"))
                .toList();
    }

    private boolean says(String line) {
        try {
            return Files.readAllLines(output).contains(line);
        } catch (IOException unreadable) {
            return false;
        }
    }
}
