package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.job.JobState;
import dev.kerrera.telemetry.JobFailed;
import dev.kerrera.telemetry.JobFenced;
import dev.kerrera.telemetry.JobStarted;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job's row holds after its worker has ended in each of the ways it can. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
class OutcomesTest {

    private static final String NOW = "2026-01-01 12:00:00.000123";

    private final TestNode node;
    private final RawJobs jobs;

    OutcomesTest(TestSchema schema) {
        node = new TestNode(schema, "default", 2);
        node.clock = new SettableClock("2026-01-01T12:00:00.000123Z");
        jobs = node.jobs;
    }

    @BeforeEach
    void start() {
        node.start();
    }

    @AfterEach
    void end() throws Exception {
        node.close();
    }

    @Test
    void ok_completes() {
        long job = node.add("ok");
        Map<String, String> before = jobs.row(job);

        node.wake();

        JobStopped stopped = node.events.awaitOne(JobStopped.class);
        assertThat(stopped.state()).isEqualTo(JobState.COMPLETED);
        assertThat(stopped.job().id()).isEqualTo(job);
        assertThat(jobs.row(job)).isEqualTo(ran(before, "state", "completed", "completed_at", NOW));
        assertThat(node.events.awaitOne(JobStarted.class).job().id()).isEqualTo(job);
        assertThat(node.events.of(JobFailed.class)).isEmpty();
        assertThat(node.told.ended).hasValue(1);
    }

    @Test
    void null_completes_with_a_warning() {
        try (CapturedLog log = CapturedLog.of(Verdict.class)) {
            long job = node.add("null");

            node.wake();

            assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.COMPLETED);
            assertThat(jobs.row(job)).containsEntry("state", "completed").containsEntry("errors", "{}");
            assertThat(log.messages(Level.WARNING))
                    .containsExactly("Told returned null for job %d, which counts as Outcome.ok()".formatted(job));
        }
    }

    @Test
    void an_error_is_noted_and_tried_again_later() {
        long job = node.add("error", "some \"reason\"");
        Map<String, String> before = jobs.row(job);
        String text = "** (Oban.PerformError) Told failed with {:error, \"some \\\"reason\\\"\"}";

        node.wake();

        JobFailed failed = node.events.awaitOne(JobFailed.class);
        assertThat(failed.state()).isEqualTo(JobState.RETRYABLE);
        assertThat(failed.error()).isEqualTo(text);
        assertThat(error(job)).isEqualTo(text);
        assertThat(jobs.row(job))
                .isEqualTo(ran(
                        before,
                        "state",
                        "retryable",
                        "scheduled_at",
                        "2026-01-01 12:00:17.000123",
                        "errors",
                        jobs.row(job).get("errors")));
        assertThat(jobs.query("SELECT errors[1] - 'error' FROM ${schema}.oban_jobs"))
                .containsExactly("{\"at\": \"2026-01-01T12:00:00.000123Z\", \"attempt\": 1}");
        assertThat(node.events.of(JobStopped.class)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 20, 17, 18",
        "1, 20, 19, 20",
        "2, 20, 23, 25",
        "3, 20, 31, 34",
        "4, 20, 47, 51",
        "49, 100, 1039, 1142"
    })
    void the_next_try_is_as_far_away_as_with_oban(int attempts, int maxAttempts, long least, long most) {
        long job = node.add("error", "x", "(attempt, max_attempts) VALUES (%d, %d)".formatted(attempts, maxAttempts));

        node.wake();
        node.events.await(JobFailed.class, 1);

        Instant next = Instant.parse(jobs.row(job).get("scheduled_at").replace(' ', 'T') + "Z");
        assertThat(Duration.between(node.clock.instant(), next))
                .isBetween(Duration.ofSeconds(least), Duration.ofSeconds(most));
    }

    @Test
    void an_error_in_the_last_attempt_discards() {
        long job = node.add("error", "x", "(attempt, max_attempts) VALUES (2, 3)");
        Map<String, String> before = jobs.row(job);

        node.wake();

        JobFailed failed = node.events.awaitOne(JobFailed.class);
        assertThat(failed.state()).isEqualTo(JobState.DISCARDED);
        assertThat(jobs.row(job))
                .isEqualTo(ran(
                        before,
                        "state",
                        "discarded",
                        "discarded_at",
                        NOW,
                        "errors",
                        jobs.row(job).get("errors")));
        assertThat(jobs.query("SELECT errors[1] ->> 'attempt' FROM ${schema}.oban_jobs"))
                .containsExactly("3");
        assertThat(node.events.of(JobStopped.class)).isEmpty();
    }

    @Test
    void cancelling_is_final_and_no_failure() {
        long job = node.add("cancel", "because");
        Map<String, String> before = jobs.row(job);

        node.wake();

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.CANCELLED);
        assertThat(error(job)).isEqualTo("** (Oban.PerformError) Told failed with {:cancel, \"because\"}");
        assertThat(jobs.row(job))
                .isEqualTo(ran(
                        before,
                        "state",
                        "cancelled",
                        "cancelled_at",
                        NOW,
                        "errors",
                        jobs.row(job).get("errors")));
        assertThat(node.events.of(JobFailed.class)).isEmpty();
    }

    @Test
    void discarding_is_final_and_no_failure() {
        long job = node.add("discard", "hopeless");
        Map<String, String> before = jobs.row(job);

        node.wake();

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.DISCARDED);
        assertThat(error(job)).isEqualTo("** (Oban.PerformError) Told failed with {:discard, \"hopeless\"}");
        assertThat(jobs.row(job))
                .isEqualTo(ran(
                        before,
                        "state",
                        "discarded",
                        "discarded_at",
                        NOW,
                        "errors",
                        jobs.row(job).get("errors")));
        assertThat(node.events.of(JobFailed.class)).isEmpty();
    }

    @Test
    void snoozing_schedules_and_uses_up_no_attempt() {
        long job = node.add("snooze", "PT90S", "(attempt, max_attempts) VALUES (2, 3)");
        Map<String, String> before = jobs.row(job);

        node.wake();

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.SCHEDULED);
        assertThat(jobs.row(job))
                .isEqualTo(RawJobs.changed(
                        ran(before, "state", "scheduled", "scheduled_at", "2026-01-01 12:01:30.000123"),
                        "attempt",
                        "2",
                        "meta",
                        "{\"snoozed\": 1}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1S", "PT2562047788015215H", "P36500000D"})
    void snoozing_for_an_impossible_time_fails_the_attempt(String delay) {
        long job = node.add("snooze", delay);

        node.wake();

        assertThat(node.events.awaitOne(JobFailed.class).error())
                .startsWith("** (java.lang.IllegalArgumentException) delay must be ");
        assertThat(jobs.state(job)).isEqualTo("retryable");
    }

    @Test
    void an_exception_is_noted_with_its_stack_and_its_causes() {
        long job = node.add("throw", "two\nlines");

        node.wake();

        node.events.awaitOne(JobFailed.class);
        assertThat(jobs.state(job)).isEqualTo("retryable");
        assertThat(error(job))
                .startsWith(
                        "** (java.lang.IllegalStateException) two\nlines\n    at dev.kerrera.queue.Told.act(Told.java:")
                .contains("\n    Caused by: java.io.IOException: the cause\n    at ")
                .endsWith("\n");
    }

    @ParameterizedTest
    @CsvSource({
        "overflow, java.lang.StackOverflowError",
        "assert, java.lang.AssertionError",
        "link, java.lang.NoClassDefFoundError",
        "mute, dev.kerrera.queue.Told$Mute"
    })
    void whatever_is_thrown_fails_the_attempt_alone(String act, String thrown) {
        long job = node.add(act, "deliberate");

        node.wake();

        assertThat(node.events.awaitOne(JobFailed.class).error()).startsWith("** (" + thrown + ")");
        assertThat(error(job)).startsWith("** (" + thrown + ")");
        assertThat(jobs.state(job)).isEqualTo("retryable");
        assertQueueWorks();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1, 2]", "null", "5", "{\"act\": []}", "{\"act\": {\"a\": 1}}"})
    void args_that_the_worker_cannot_read_fail_the_attempt_alone(String args) {
        long job = jobs.add("(worker, args) VALUES ('Told', '" + args + "')");

        node.wake();

        JobFailed failed = node.events.awaitOne(JobFailed.class);
        assertThat(failed.error())
                .startsWith("** (dev.kerrera.job.UnreadableJobException) job " + job
                        + " has unreadable args: cannot read as dev.kerrera.queue.Told$Order");
        assertThat(jobs.row(job)).containsEntry("state", "retryable").containsEntry("attempt", "1");
        assertThat(node.told.performed).isEmpty();
        assertQueueWorks();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tags = NULL",
                "tags = ARRAY[['a', 'b'], ['c', 'd']]",
                "meta = NULL",
                "meta = '[]'",
                "meta = '{\"snoozed\": \"x\"}'",
                "errors = ARRAY['5'::jsonb, NULL]",
                "scheduled_at = '-infinity'",
                "scheduled_at = 'infinity'",
                "attempted_at = 'infinity'",
                "attempted_at = '-infinity'",
                "attempted_at = '294276-12-31 23:59:59.999999'"
            })
    void odd_rows_run_like_others(String oddity) {
        long job = node.add("ok");
        jobs.change(job, oddity);

        node.wake();

        await().until(() -> jobs.state(job).equals("completed"));
        assertQueueWorks();
    }

    @Test
    void the_time_in_the_queue_is_told_and_never_negative() {
        node.add("ok", "", "(scheduled_at) VALUES ('2026-01-01 11:59:00.000123')");
        node.wake();
        assertThat(node.events.await(JobStopped.class, 1).get(0).queueTime()).isEqualTo(Duration.ofMinutes(1));

        node.add("ok", "", "(scheduled_at) VALUES ('2026-01-01 12:01')");
        node.wake();
        assertThat(node.events.await(JobStopped.class, 2).get(1).queueTime()).isEqualTo(Duration.ZERO);
        assertThat(node.events.of(JobFenced.class)).isEmpty();
    }

    private void assertQueueWorks() {
        long next = node.add("ok");
        node.wake();
        await().until(() -> jobs.state(next).equals("completed"));
        await().until(() -> node.running().isEmpty());
    }

    /** The row after one attempt of this node, with further changes. */
    private Map<String, String> ran(Map<String, String> before, String... changes) {
        int attempt = Integer.parseInt(before.get("attempt")) + 1;
        return RawJobs.changed(
                RawJobs.changed(
                        before,
                        "attempt",
                        String.valueOf(attempt),
                        "attempted_at",
                        NOW,
                        "attempted_by",
                        node.attemptedBy()),
                changes);
    }

    private String error(long job) {
        return jobs.query("SELECT errors[1] ->> 'error' FROM ${schema}.oban_jobs WHERE id = " + job)
                .get(0);
    }
}
