package dev.kerrera.insert;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.testsupport.EmbeddedPostgresServer;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("long")
@ExtendWith(PooledSchema.class)
class MillionJobsTest {

    @Test
    void a_stream_of_a_million_jobs_needs_little_memory(TestSchema schema) throws Exception {
        EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
        Path output = Path.of("target", "million-jobs.txt");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MillionJobs.class.getName(),
                        server.url(),
                        server.user(),
                        server.password(),
                        schema.name())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(child.waitFor(4, MINUTES)).as("done in time").isTrue();
        } finally {
            child.destroyForcibly().waitFor();
        }

        assertThat(child.exitValue()).as(Files.readString(output)).isZero();
        RawJobs jobs = new RawJobs(schema);
        assertThat(jobs.count("state = 'available' AND tags = '{bulk}'")).isEqualTo(MillionJobs.NUMBER);
        assertThat(jobs.query("SELECT count(DISTINCT args->'n') FROM ${schema}.oban_jobs"))
                .containsExactly(String.valueOf(MillionJobs.NUMBER));
    }
}
