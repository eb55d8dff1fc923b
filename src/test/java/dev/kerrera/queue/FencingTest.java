package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.job.JobState;
import dev.kerrera.telemetry.JobFailed;
import dev.kerrera.telemetry.JobFenced;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run whose job was taken from it meanwhile. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
class FencingTest {

    private final TestNode node;
    private final RawJobs jobs;
    private long job;

    FencingTest(TestSchema schema) {
        node = new TestNode(schema, "default", 1);
        jobs = node.jobs;
    }

    @BeforeEach
    void park() throws Exception {
        node.start();
        job = node.add("turn");
        node.wake();
        node.told.awaitParked(1);
    }

    @AfterEach
    void end() throws Exception {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "attempt = 2, attempted_by = '{there,other}'",
                "attempted_by = '{there,other}'",
                "attempt = 2",
                "state = 'cancelled', cancelled_at = '2026-01-01'",
                "state = 'scheduled', scheduled_at = '2099-01-01'",
                "state = 'completed', completed_at = '2026-01-01'"
            })
    void leaves_the_row_alone_and_tells_of_it(String change) {
        try (CapturedLog log = CapturedLog.of("dev.kerrera")) {
            jobs.change(job, change);
            Map<String, String> changed = jobs.row(job);

            node.told.release(1);

            JobFenced fenced = node.events.awaitOne(JobFenced.class);
            assertThat(fenced.job().id()).isEqualTo(job);
            assertThat(fenced.job().attempt()).isEqualTo(1);
            assertThat(fenced.state()).isEqualTo(JobState.COMPLETED);
            assertThat(jobs.row(job)).isEqualTo(changed);
            assertThat(log.messages(Level.WARNING))
                    .contains(
                            ("Job %d (Told) of queue default was no longer owned by the run of attempt 1 when it ended;"
                                            + " its result 'completed' was not written")
                                    .formatted(job));
            assertThat(node.events.of(JobStopped.class)).isEmpty();
            assertThat(node.events.of(JobFailed.class)).isEmpty();
        }
    }

    @Test
    void a_job_that_was_deleted_is_fenced_too() {
        jobs.run("DELETE FROM ${schema}.oban_jobs");

        node.told.release(1);

        assertThat(node.events.awaitOne(JobFenced.class).job().id()).isEqualTo(job);
        assertThat(jobs.count("true")).isZero();
    }

    @Test
    void a_fenced_run_frees_its_slot() {
        jobs.change(job, "attempted_by = '{there,other}'");
        long next = node.add("ok");

        node.told.release(1);

        await().until(() -> jobs.state(next).equals("completed"));
        assertThat(jobs.state(job)).isEqualTo("executing");
    }
}
