package dev.kerrera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.NotifierSettings;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobFilter;
import dev.kerrera.job.JobState;
import dev.kerrera.notifier.Listening;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two whole nodes on one database: one runs a job, the other cancels it. */
@ExtendWith(PooledSchema.class)
class CancelAcrossNodesTest {

    private static volatile CountDownLatch begun;
    private static volatile CountDownLatch interrupted;

    private final TestSchema schema;
    private final RawJobs jobs;

    CancelAcrossNodesTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
    }

    @Work(name = "Sleeper")
    static class Sleeper implements Worker<Map<String, Object>> {
        @Override
        public Outcome perform(Map<String, Object> args, JobContext job) throws InterruptedException {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
                return Outcome.ok();
            } catch (InterruptedException cancelled) {
                interrupted.countDown();
                throw cancelled;
            }
        }
    }

    @BeforeEach
    void reset() {
        begun = new CountDownLatch(1);
        interrupted = new CountDownLatch(1);
    }

    @Test
    void a_job_running_on_another_node_is_cancelled_within_a_second_of_its_notification() throws Exception {
        try (WeldNode runner = node("runner", true, Duration.ofHours(1), Sleeper.class);
                WeldNode other = node("other", true, Duration.ofHours(1))) {
            await().until(() ->
                    runner.get(Listening.class).status().state().name().equals("LISTENING"));

            assertThat(cancelledAfter(runner, other)).isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void without_notifications_polling_finds_it_within_ten_seconds() throws Exception {
        try (WeldNode runner = node("runner", false, Duration.ofSeconds(1), Sleeper.class);
                WeldNode other = node("other", false, Duration.ofSeconds(1))) {

            assertThat(cancelledAfter(runner, other)).isLessThan(Duration.ofSeconds(10));
        }
    }

    /** From the call to the note in the row that the run was ended. */
    private Duration cancelledAfter(WeldNode runner, WeldNode other) throws InterruptedException {
        Job job = runner.get(JobService.class).insert(Sleeper.class, Map.of());
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        long start = System.nanoTime();
        assertThat(other.get(JobService.class).cancelAll(JobFilter.all().states(JobState.EXECUTING)))
                .isOne();
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        await().pollInterval(Duration.ofMillis(10)).until(() -> noted(job));
        Duration taken = Duration.ofNanos(System.nanoTime() - start);

        assertThat(jobs.state(job.id())).isEqualTo("cancelled");
        return taken;
    }

    private boolean noted(Job job) {
        return jobs.row(job.id()).get("errors").contains("{:cancel, :shutdown}");
    }

    private WeldNode node(String name, boolean listens, Duration pollInterval, Class<?>... beans) {
        NotifierSettings notifier = new NotifierSettings(
                listens ? NotifierSettings.Mode.LISTEN : NotifierSettings.Mode.POLL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Duration.ofMillis(1));
        return new WeldNode(WeldNode.settings(name, schema.name(), pollInterval, notifier), schema.dataSource(), beans);
    }
}
