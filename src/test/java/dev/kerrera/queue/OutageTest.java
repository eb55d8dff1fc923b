package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.job.JobState;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.telemetry.JobFailed;
import dev.kerrera.telemetry.JobFenced;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A database that goes away and comes back in the middle of things. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
class OutageTest {

    private final TestNode node;
    private final RawJobs jobs;

    OutageTest(TestSchema schema) {
        node = new TestNode(schema, "default", 2);
        jobs = node.jobs;
    }

    @AfterEach
    void end() throws Exception {
        node.close();
    }

    @Test
    void a_result_is_written_once_the_database_is_back() throws Exception {
        try (CapturedLog log = CapturedLog.of(Results.class)) {
            node.start();
            long job = node.add("turn");
            node.wake();
            node.told.awaitParked(1);

            node.database.refuseConnections(4);
            node.told.release(1);

            assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.COMPLETED);
            assertThat(jobs.row(job)).containsEntry("state", "completed").containsEntry("attempt", "1");
            assertThat(node.told.performed).containsExactly(job);
            assertThat(node.database.statements(TappedDataSource.COMPLETION)).hasSize(1);
            assertThat(log.messages(Level.WARNING))
                    .containsExactly("The result of job %d could not be written; trying until it can".formatted(job));
        }
    }

    @Test
    void a_result_is_tried_again_although_the_worker_left_its_thread_interrupted() {
        node.start();
        long job = node.add("flag");
        node.database.fail(TappedDataSource.COMPLETION, 2);

        node.wake();

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.COMPLETED);
        assertThat(jobs.state(job)).isEqualTo("completed");
    }

    @ParameterizedTest
    @CsvSource({
        "ok, '', completed, 0",
        "error, x, retryable, 1",
        "cancel, x, cancelled, 1",
        "discard, x, discarded, 1",
        "snooze, PT1H, scheduled, 0"
    })
    void a_result_whose_answer_was_lost_is_written_once_and_is_not_taken_for_a_fenced_one(
            String act, String text, String state, int errors) {
        node.start();
        long job = node.add(act, text);
        node.database.loseAnswers("'" + state + "'", 1);

        node.wake();

        await().until(() -> node.events.of(JobStopped.class).size()
                        + node.events.of(JobFailed.class).size()
                == 1);
        assertThat(node.events.of(JobFenced.class)).isEmpty();
        assertThat(jobs.state(job)).isEqualTo(state);
        assertThat(jobs.count("cardinality(errors) = " + errors)).isEqualTo(1);
        assertThat(node.told.performed).containsExactly(job);
    }

    @Test
    void a_result_whose_answer_was_lost_again_and_again_is_settled_in_the_end() {
        node.start();
        long job = node.add("error", "x");
        node.database.loseAnswers("'retryable'", 1);
        node.database.fail("SELECT state", 3);
        node.database.fail("'retryable'", 2);

        node.wake();

        assertThat(node.events.awaitOne(JobFailed.class).state()).isEqualTo(JobState.RETRYABLE);
        assertThat(node.events.of(JobFenced.class)).isEmpty();
        assertThat(jobs.count("cardinality(errors) = 1")).isEqualTo(1);
        assertThat(jobs.state(job)).isEqualTo("retryable");
    }

    @Test
    void a_job_that_another_took_during_the_outage_is_fenced() throws Exception {
        node.start();
        long job = node.add("turn");
        node.wake();
        node.told.awaitParked(1);
        node.database.fail(TappedDataSource.COMPLETION, 2);
        jobs.change(job, "attempt = 2, attempted_by = '{there,other}'");

        node.told.release(1);

        assertThat(node.events.awaitOne(JobFenced.class).job().id()).isEqualTo(job);
        assertThat(jobs.row(job)).containsEntry("state", "executing").containsEntry("attempt", "2");
        assertThat(node.events.of(JobStopped.class)).isEmpty();
    }

    @Test
    void jobs_of_a_fetch_whose_answer_was_lost_run_and_lose_no_attempt() {
        node.start();
        long first = node.add("ok");
        long second = node.add("ok");
        node.database.loseAnswers("kerrera_fetch", 1);

        node.wake();
        await().until(() -> jobs.count("state = 'executing' AND attempt = 1") == 2);
        assertThat(node.running()).isEmpty();
        node.wake();

        await().until(() -> jobs.count("state = 'completed' AND attempt = 1") == 2);
        assertThat(node.told.performed).containsExactlyInAnyOrder(first, second);
        assertThat(node.events.of(JobFenced.class)).isEmpty();
    }

    @Test
    void a_reclaim_gives_no_running_job_away() throws Exception {
        node.start();
        long running = node.add("turn");
        node.wake();
        node.told.awaitParked(1);
        long lost = node.add("ok");
        node.database.loseAnswers("kerrera_fetch", 1);
        node.wake();
        await().until(() -> jobs.state(lost).equals("executing"));

        node.wake();
        await().until(() -> jobs.state(lost).equals("completed"));

        assertThat(jobs.row(running)).containsEntry("state", "executing").containsEntry("attempt", "1");
        node.told.release(1);
        await().until(() -> jobs.state(running).equals("completed"));
        assertThat(node.told.performed).containsExactly(running, lost);
    }

    @Test
    void a_fetch_that_takes_effect_long_after_it_failed_loses_no_job() {
        node.pollInterval = Duration.ofMillis(20);
        node.start();
        node.database.fail("kerrera_fetch", 1);
        long first = node.add("ok");
        await().until(() -> jobs.state(first).equals("completed"));

        long late = node.add(
                "ok", "", "(state, attempt, attempted_by) VALUES ('executing', 1, '%s')".formatted(node.attemptedBy()));

        await().until(() -> jobs.state(late).equals("completed"));
        assertThat(jobs.row(late)).containsEntry("attempt", "1");
    }

    @Test
    void a_reclaim_that_fails_is_tried_again_by_the_poll() {
        node.pollInterval = Duration.ofMillis(20);
        node.start();
        node.database.loseAnswers("kerrera_fetch", 1);
        node.database.fail("NOT id = ANY", 2);
        node.database.loseAnswers("NOT id = ANY", 1);
        long lost = node.add("ok");

        await().until(() -> jobs.state(lost).equals("completed"));
        assertThat(jobs.row(lost)).containsEntry("attempt", "1");
        assertThat(node.told.performed).containsExactly(lost);
        assertThat(node.database.statements("NOT id = ANY")).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void jobs_of_a_fetch_under_way_at_the_stop_are_given_back_although_that_failed_at_first() throws Exception {
        node.start();
        CountDownLatch hanging = new CountDownLatch(1);
        node.database.hang("kerrera_fetch", hanging);
        node.database.fail("NOT id = ANY", 1);
        long job = node.add("ok");
        node.wake();
        await().until(() -> !node.database.statements("kerrera_fetch").isEmpty());

        Future<?> stop = node.threads.submit(() -> node.queues().stop(Duration.ofSeconds(30)));
        await().until(() -> node.queues().status().stream().allMatch(QueueStatus::stopping));
        hanging.countDown();
        stop.get(20, TimeUnit.SECONDS);

        assertThat(jobs.row(job)).containsEntry("state", "available").containsEntry("attempt", "0");
        assertThat(node.told.performed).isEmpty();
        assertThat(node.database.statements("NOT id = ANY")).hasSize(2);
    }

    @Test
    void polling_outlives_an_outage() {
        node.pollInterval = Duration.ofMillis(20);
        node.start();
        node.database.refuseConnections(5);
        long job = node.add("ok");

        await().until(() -> jobs.state(job).equals("completed"));
        assertThat(node.queues().loops()).allMatch(LoopStatus::turning);
    }
}
