package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.job.JobState;
import dev.kerrera.telemetry.JobFailed;
import dev.kerrera.telemetry.JobFenced;
import dev.kerrera.telemetry.JobReleased;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.telemetry.JobStuck;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.worker.Execution;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Worker;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker whose job is completed in the transaction of its own writes. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
class CompletionTest {

    private static final String CANCELLED = "state = 'cancelled', cancelled_at = '2026-01-01'";

    private final TestNode node;
    private final RawJobs jobs;
    private final JdbcCode application;
    private final String schema;

    private final Queue<Long> performed = new ConcurrentLinkedQueue<>();
    private final Semaphore parked = new Semaphore(0);
    private final CountDownLatch release = new CountDownLatch(1);

    CompletionTest(TestSchema schema) {
        this.schema = schema.name();
        node = new TestNode(schema, "default", 1);
        application = new JdbcCode(node.jdbc);
        node.application = application;
        jobs = node.jobs;
    }

    @AfterEach
    void end() throws Exception {
        release.countDown();
        node.close();
    }

    @Test
    void the_job_is_completed_with_what_it_wrote() {
        long job = run("ok");

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.COMPLETED);
        assertThat(jobs.row(job)).containsEntry("state", "completed").containsEntry("errors", "{}");
        assertThat(writes()).isEqualTo(1);
        assertThat(jobs.query("SELECT DISTINCT xmin::text FROM ${schema}.oban_jobs"))
                .hasSize(1);
        assertThat(performed).containsExactly(job);
        assertThat(node.events.of(JobFenced.class)).isEmpty();
    }

    @Test
    void null_counts_as_done() {
        long job = run("null");

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.COMPLETED);
        assertThat(jobs.state(job)).isEqualTo("completed");
        assertThat(writes()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"snooze, scheduled", "cancel, cancelled", "discard, discarded"})
    void a_job_that_ends_as_its_worker_wished_is_settled_with_what_it_wrote(String act, String state) {
        long job = run(act);

        assertThat(node.events.awaitOne(JobStopped.class).state().label()).isEqualTo(state);
        assertThat(jobs.state(job)).isEqualTo(state);
        assertThat(writes()).isEqualTo(1);
        assertThat(jobs.query("SELECT DISTINCT xmin::text FROM ${schema}.oban_jobs"))
                .hasSize(1);
    }

    @Test
    void an_error_undoes_what_was_written_and_is_recorded() {
        long job = run("error");

        assertThat(node.events.awaitOne(JobFailed.class).state()).isEqualTo(JobState.RETRYABLE);
        assertThat(jobs.state(job)).isEqualTo("retryable");
        assertThat(error()).isEqualTo("** (Oban.PerformError) Made failed with {:error, \"no\"}");
        assertThat(writes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"throw, java.lang.IllegalStateException", "assert, java.lang.AssertionError"})
    void whatever_is_thrown_undoes_what_was_written_and_is_recorded(String act, String thrown) {
        long job = run(act);

        assertThat(node.events.awaitOne(JobFailed.class).state()).isEqualTo(JobState.RETRYABLE);
        assertThat(jobs.state(job)).isEqualTo("retryable");
        assertThat(error()).startsWith("** (" + thrown + ") no");
        assertThat(writes()).isZero();
    }

    @Test
    void a_failure_in_the_last_attempt_discards() {
        start();
        jobs.add("(worker, args, attempt, max_attempts) VALUES ('Made', '{\"act\": \"error\"}', 2, 3)");
        node.wake();

        assertThat(node.events.awaitOne(JobFailed.class).state()).isEqualTo(JobState.DISCARDED);
        assertThat(writes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state = 'available', queue = 'elsewhere'",
                "attempted_by = '{there,other}'",
                "attempted_at = attempted_at + interval '1 microsecond'",
                "state = 'cancelled', cancelled_at = '2026-01-01'"
            })
    void a_run_that_lost_its_job_undoes_what_was_written_and_is_fenced(String taken) throws Exception {
        long job = run("park");
        parked.acquire();
        jobs.change(job, taken);
        Map<String, String> row = jobs.row(job);

        release.countDown();

        assertThat(node.events.awaitOne(JobFenced.class).state()).isEqualTo(JobState.COMPLETED);
        assertThat(jobs.row(job)).isEqualTo(row);
        assertThat(writes()).isZero();
        assertThat(node.events.of(JobStopped.class)).isEmpty();
        assertThat(node.events.of(JobFailed.class)).isEmpty();
    }

    @Test
    void a_commit_that_failed_is_a_failed_attempt() {
        application.failingCommits.set(1);

        long job = run("ok");

        assertThat(node.events.awaitOne(JobFailed.class).state()).isEqualTo(JobState.RETRYABLE);
        assertThat(jobs.state(job)).isEqualTo("retryable");
        assertThat(error()).startsWith("** (java.lang.IllegalStateException) the commit failed\n");
        assertThat(writes()).isZero();
        assertThat(node.events.of(JobStopped.class)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ok, completed, 0", "snooze, scheduled, 0", "cancel, cancelled, 1", "discard, discarded, 1"})
    void a_commit_whose_answer_was_lost_is_reported_as_what_it_was(String act, String state, int errors) {
        application.lostCommits.set(1);

        long job = run(act);

        assertThat(node.events.awaitOne(JobStopped.class).state().label()).isEqualTo(state);
        assertThat(jobs.state(job)).isEqualTo(state);
        assertThat(jobs.count("cardinality(errors) = %d AND id = %d".formatted(errors, job)))
                .isEqualTo(1);
        assertThat(writes()).isEqualTo(1);
        assertThat(performed).containsExactly(job);
        assertThat(node.events.of(JobFailed.class)).isEmpty();
        assertThat(node.events.of(JobFenced.class)).isEmpty();
    }

    @Test
    void a_lost_commit_of_a_job_that_somebody_took_afterwards_is_fenced() throws Exception {
        application.lostCommits.set(1);
        CountDownLatch hanging = new CountDownLatch(1);
        node.database.hang("'retryable'", hanging);
        long job = run("snooze");
        await().until(() -> jobs.state(job).equals("scheduled"));
        jobs.change(job, "state = 'executing', attempt = 1, attempted_by = '{there,other}'");
        Map<String, String> row = jobs.row(job);

        hanging.countDown();

        assertThat(node.events.awaitOne(JobFenced.class).job().id()).isEqualTo(job);
        assertThat(jobs.row(job)).isEqualTo(row);
    }

    @Test
    void the_completion_cannot_be_written_so_the_work_is_undone_and_the_failure_recorded() {
        node.database.fail(TappedDataSource.COMPLETION, 1);

        long job = run("ok");

        assertThat(node.events.awaitOne(JobFailed.class).state()).isEqualTo(JobState.RETRYABLE);
        assertThat(jobs.state(job)).isEqualTo("retryable");
        assertThat(writes()).isZero();
        assertThat(performed).containsExactly(job);
    }

    @Test
    void the_failure_is_recorded_once_the_database_is_back() {
        application.failingCommits.set(1);
        node.database.fail("'retryable'", 3);

        long job = run("ok");

        assertThat(node.events.awaitOne(JobFailed.class).state()).isEqualTo(JobState.RETRYABLE);
        assertThat(jobs.state(job)).isEqualTo("retryable");
        assertThat(jobs.count("cardinality(errors) = 1")).isEqualTo(1);
    }

    @Test
    void a_run_that_was_cancelled_is_undone_and_recorded_as_cancelled() throws Exception {
        long job = run("park");
        parked.acquire();
        jobs.change(job, CANCELLED);

        node.hearKill(job);

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.CANCELLED);
        assertThat(jobs.row(job))
                .containsEntry("state", "cancelled")
                .containsEntry("cancelled_at", "2026-01-01 00:00:00");
        assertThat(error()).isEqualTo("** (Oban.PerformError) Made failed with {:cancel, :shutdown}");
        assertThat(writes()).isZero();
    }

    @Test
    void a_decision_taken_after_the_cancellation_is_undone_too() throws Exception {
        long job = run("park and snooze");
        parked.acquire();
        jobs.change(job, CANCELLED);

        node.hearKill(job);

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.CANCELLED);
        assertThat(error()).isEqualTo("** (Oban.PerformError) Made failed with {:cancel, :shutdown}");
        assertThat(writes()).isZero();
    }

    @Test
    void a_run_whose_time_is_up_is_undone_and_recorded_as_timed_out() {
        long job = run("park", new Execution(Duration.ofMillis(50), true));

        assertThat(node.events.awaitOne(JobFailed.class).error())
                .isEqualTo("** (Oban.TimeoutError) Made timed out after 50ms");
        assertThat(jobs.state(job)).isEqualTo("retryable");
        assertThat(writes()).isZero();
    }

    @Test
    void a_run_that_is_done_in_spite_of_the_interrupt_keeps_what_it_wrote() {
        long job = run("finish", new Execution(Duration.ofMillis(50), true));

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.COMPLETED);
        assertThat(jobs.state(job)).isEqualTo("completed");
        assertThat(writes()).isEqualTo(1);
    }

    @Test
    void a_run_that_was_settled_without_its_worker_is_undone_when_it_ends() throws Exception {
        node.interruptGrace = Duration.ofMillis(50);
        long job = run("stubborn", new Execution(Duration.ofMillis(50), true));
        node.events.awaitOne(JobFailed.class);
        assertThat(node.events.awaitOne(JobStuck.class).job().id()).isEqualTo(job);
        Map<String, String> settled = jobs.row(job);

        release.countDown();

        assertThat(node.events.awaitOne(JobFenced.class).state()).isEqualTo(JobState.COMPLETED);
        assertThat(jobs.row(job)).isEqualTo(settled);
        assertThat(writes()).isZero();
    }

    @Test
    void a_run_that_is_interrupted_by_the_stop_is_undone_and_its_job_goes_back() throws Exception {
        long job = run("park");
        parked.acquire();

        node.queues().stop(Duration.ZERO);

        assertThat(node.events.awaitOne(JobReleased.class).job().id()).isEqualTo(job);
        assertThat(jobs.row(job)).containsEntry("state", "available").containsEntry("attempt", "0");
        assertThat(writes()).isZero();
    }

    @Test
    void the_job_shows_as_executing_until_the_commit() throws Exception {
        long job = run("park");
        parked.acquire();
        assertThat(jobs.state(job)).isEqualTo("executing");
        assertThat(writes()).isZero();
        CountDownLatch hanging = new CountDownLatch(1);
        node.database.hang(TappedDataSource.COMPLETION, hanging);

        release.countDown();
        await().until(() ->
                !node.database.statements(TappedDataSource.COMPLETION).isEmpty());
        assertThat(jobs.state(job)).isEqualTo("executing");
        hanging.countDown();

        await().until(() -> jobs.state(job).equals("completed"));
        assertThat(writes()).isEqualTo(1);
    }

    @Test
    void progress_is_seen_before_the_commit() throws Exception {
        long job = run("report and park");
        parked.acquire();

        await().until(() -> "3"
                .equals(jobs.query("SELECT meta -> 'progress' ->> 'done' FROM ${schema}.oban_jobs")
                        .get(0)));
        assertThat(jobs.state(job)).isEqualTo("executing");
        release.countDown();
        await().until(() -> jobs.state(job).equals("completed"));
    }

    @Test
    void nothing_of_it_is_logged_when_all_is_well() {
        try (CapturedLog log = CapturedLog.of("dev.kerrera")) {
            long job = run("ok");
            await().until(() -> jobs.state(job).equals("completed"));
            assertThat(log.messages(Level.WARNING)).isEmpty();
        }
    }

    private void start() {
        start(new Execution(null, true));
    }

    private void start(Execution execution) {
        node.workers.add(MadeWorkers.of("Made", execution, new Made()));
        node.start();
    }

    private long run(String act) {
        return run(act, new Execution(null, true));
    }

    private long run(String act, Execution execution) {
        start(execution);
        long job = jobs.add("(worker, args) VALUES ('Made', '{\"act\": \"" + act + "\"}')");
        node.wake();
        return job;
    }

    /** How many of the worker's own writes there are. */
    private long writes() {
        return jobs.count("worker = 'Written'");
    }

    private String error() {
        List<String> errors = jobs.query("SELECT errors[1] ->> 'error' FROM ${schema}.oban_jobs WHERE worker = 'Made'");
        return errors.get(0);
    }

    /** Writes a row, and then does what its args say. */
    private final class Made implements Worker<JsonObject> {

        @Override
        public Outcome perform(JsonObject args, JobContext job) throws Exception {
            performed.add(job.id());
            node.jdbc.update(
                    "INSERT INTO " + schema + ".oban_jobs (worker, queue) VALUES ('Written', 'elsewhere')", p -> {});
            switch (args.getString("act")) {
                case "null":
                    return null;
                case "error":
                    return Outcome.error("no");
                case "throw":
                    throw new IllegalStateException("no");
                case "assert":
                    throw new AssertionError("no");
                case "snooze":
                    return Outcome.snooze(Duration.ofHours(1));
                case "cancel":
                    return Outcome.cancel("enough");
                case "discard":
                    return Outcome.discard("hopeless");
                case "report and park":
                    job.progress(3, 4);
                    park();
                    return Outcome.ok();
                case "park":
                    park();
                    return Outcome.ok();
                case "park and snooze":
                    parkUntilInterrupted();
                    return Outcome.snooze(Duration.ofHours(1));
                case "finish":
                    parkUntilInterrupted();
                    return Outcome.ok();
                case "stubborn":
                    while (release.getCount() > 0) {
                        parkUntilInterrupted();
                    }
                    return Outcome.ok();
                default:
                    return Outcome.ok();
            }
        }

        private void park() throws InterruptedException {
            parked.release();
            release.await();
        }

        private void parkUntilInterrupted() {
            try {
                park();
            } catch (InterruptedException swallowed) {
                // as workers do
            }
        }
    }
}
