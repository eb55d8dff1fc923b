package dev.kerrera.queue;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.engine.Rescuing;
import dev.kerrera.testsupport.EmbeddedPostgresServer;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nodes whose JVM is killed in the middle of a job. */
@Timeout(180)
@ExtendWith(PooledSchema.class)
class DeathTest {

    private static final Duration SILENCE = Duration.ofSeconds(45);

    private final TestSchema schema;
    private final RawJobs jobs;
    private final Rescuing rescuing;
    private Process process;

    DeathTest(TestSchema schema) throws Exception {
        this.schema = schema;
        jobs = new RawJobs(schema);
        try (TestNode node = new TestNode(schema)) {
            rescuing = new Rescuing(node.jdbc, node.settings.prefix(), node.clock);
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        kill();
    }

    @Test
    void a_job_that_outlives_three_nodes_is_discarded_as_poison() throws Exception {
        long job = jobs.add("(worker, args) VALUES ('Told', '{\"act\": \"park\"}')");
        for (int death = 1; death <= 3; death++) {
            startDoomedNode();
            int attempt = death;
            await().atMost(60, SECONDS).until(() -> isRunning(job, attempt));

            kill();
            assertThat(rescuing.rescue(SILENCE, 3)).isEmpty();
            assertThat(jobs.row(job)).containsEntry("state", "executing");
            jobs.run("UPDATE ${schema}.kerrera_producers SET seen_at = seen_at - interval '50 s'");
            assertThat(rescuing.rescue(SILENCE, 3)).hasSize(1);
            rescuing.forget(SILENCE);
            assertThat(jobs.row(job))
                    .containsEntry("state", death < 3 ? "available" : "discarded")
                    .containsEntry("attempt", String.valueOf(death))
                    .containsEntry("meta", "{\"deaths\": %d}".formatted(death));
        }

        assertThat(jobs.query("SELECT errors[3] ->> 'error' FROM ${schema}.oban_jobs"))
                .containsExactly("** (Kerrera.Poison) poison: 3 nodes died while they ran this job");
        assertThat(jobs.query("SELECT uuid FROM ${schema}.kerrera_producers")).isEmpty();
    }

    private boolean isRunning(long job, int attempt) {
        Map<String, String> row = jobs.row(job);
        return row.get("state").equals("executing")
                && row.get("attempt").equals(String.valueOf(attempt))
                && row.get("attempted_by").startsWith("{doomed,");
    }

    private void startDoomedNode() throws IOException {
        EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                DoomedNode.class.getName(),
                schema.name());
        builder.environment().remove("KERRERA_TEST_POOLER");
        builder.environment()
                .putAll(Map.of(
                        "KERRERA_TEST_DB_URL", server.url(),
                        "KERRERA_TEST_DB_USER", server.user(),
                        "KERRERA_TEST_DB_PASSWORD", server.password()));
        process = builder.redirectErrorStream(true)
                .redirectOutput(Path.of("target", "doomed-node.log").toFile())
                .start();
    }

    private void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly();
            assertThat(process.waitFor(20, SECONDS)).isTrue();
        }
    }
}
