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
import dev.kerrera.worker.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A job that is cancelled, by whomever, while it runs here. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
class CancellationTest {

    private static final String CANCELLED = "state = 'cancelled', cancelled_at = '2026-01-01 00:00:00.000007'";
    private static final String SHUT_DOWN = "** (Oban.PerformError) Told failed with {:cancel, :shutdown}";

    private final TestSchema schema;
    private final TestNode node;
    private final RawJobs jobs;

    CancellationTest(TestSchema schema) {
        this.schema = schema;
        node = new TestNode(schema, "default", 3);
        jobs = node.jobs;
    }

    @AfterEach
    void end() throws Exception {
        node.close();
    }

    @Test
    void its_worker_is_interrupted_at_a_word_and_the_row_gains_a_note_and_loses_nothing() throws Exception {
        node.start();
        long job = node.park("park");
        jobs.change(job, CANCELLED);
        Map<String, String> cancelled = jobs.row(job);

        node.hearKill(job);

        JobStopped stopped = node.events.awaitOne(JobStopped.class);
        assertThat(stopped.state()).isEqualTo(JobState.CANCELLED);
        assertThat(stopped.job().id()).isEqualTo(job);
        assertThat(jobs.row(job))
                .isEqualTo(RawJobs.changed(cancelled, "errors", jobs.row(job).get("errors")));
        assertThat(jobs.query("SELECT errors[1] ->> 'error' FROM ${schema}.oban_jobs"))
                .containsExactly(SHUT_DOWN);
        assertThat(jobs.query("SELECT errors[1] ->> 'attempt' FROM ${schema}.oban_jobs"))
                .containsExactly("1");
        assertThat(jobs.count("cardinality(errors) = 1")).isEqualTo(1);
        assertThat(node.events.of(JobFailed.class)).isEmpty();
        assertThat(node.events.of(JobFenced.class)).isEmpty();
    }

    @Test
    void without_a_word_the_poll_finds_it() throws Exception {
        node.pollInterval = Duration.ofMillis(100);
        node.start();
        long job = node.park("park");

        jobs.change(job, CANCELLED);

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.CANCELLED);
        assertThat(jobs.row(job))
                .containsEntry("state", "cancelled")
                .containsEntry("cancelled_at", "2026-01-01 00:00:00.000007");
        assertThat(jobs.count("errors[1] ->> 'error' = '%s'".formatted(SHUT_DOWN)))
                .isEqualTo(1);
    }

    @Test
    void runs_that_are_young_cost_no_question() {
        node.pollInterval = Duration.ofMillis(5);
        node.start();
        LongStream.range(0, 50).forEach(n -> node.add("ok"));

        node.wake();

        await().until(() -> jobs.count("state = 'completed'") == 50);
        assertThat(node.database.statements("attempted_at IS NOT NULL")).isEmpty();
    }

    @Test
    void a_row_without_the_moment_of_its_cancellation_is_given_one() throws Exception {
        node.start();
        long job = node.park("park");
        jobs.change(job, "state = 'cancelled'");

        node.hearKill(job);

        node.events.awaitOne(JobStopped.class);
        assertThat(jobs.row(job).get("cancelled_at")).isNotNull();
    }

    @Test
    void a_word_about_a_job_that_is_not_cancelled_ends_nothing() throws Exception {
        node.start();
        long job = node.park("turn");

        node.hearKill(job);

        assertThatOthersCanBeCancelled();
        assertThat(jobs.state(job)).isEqualTo("executing");
        node.told.release(1);
        await().until(() -> jobs.state(job).equals("completed"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"action\": \"pkill\", \"job_id\": 999999}",
                "{\"action\": \"pkill\", \"job_id\": -1}",
                "{\"action\": \"pkill\", \"job_id\": 0}",
                "{\"action\": \"pkill\", \"job_id\": \"1\"}",
                "{\"action\": \"pkill\", \"job_id\": 1.5}",
                "{\"action\": \"pkill\", \"job_id\": 1e400}",
                "{\"action\": \"pkill\", \"job_id\": 1e999999999}",
                "{\"action\": \"pkill\", \"job_id\": 18446744073709551617}",
                "{\"action\": \"pkill\", \"job_id\": null}",
                "{\"action\": \"pkill\", \"job_id\": [1]}",
                "{\"action\": \"pkill\", \"job_id\": {\"job_id\": 1}}",
                "{\"action\": \"pkill\"}",
                "{\"action\": [\"pkill\"], \"job_id\": 1}",
                "{\"action\": null, \"job_id\": 1}",
                "{\"action\": \"PKILL\", \"job_id\": 1}",
                "{\"job_id\": 1}",
                "{}",
                "[]",
                "pkill"
            })
    void a_word_that_makes_no_sense_is_harmless(String word) throws Exception {
        try (CapturedLog log = CapturedLog.of("dev.kerrera.task.Nudge")) {
            node.start();
            long job = node.park("turn");
            assertThat(job).isEqualTo(1);

            node.hear(word);

            assertThatOthersCanBeCancelled();
            node.told.release(1);
            await().until(() -> jobs.state(job).equals("completed"));
            assertThat(log.messages(Level.WARNING)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"action\": \"PKILL\", \"job_id\": 1}",
                "{\"action\": \"pause\", \"queue\": \"elsewhere\", \"job_id\": 1}",
                "{\"job_id\": 1}",
                "{\"action\": \"pkill\", \"job_id\": \"1\"}",
                "{\"action\": \"pkill\", \"job_id\": 2}"
            })
    void only_a_word_about_a_running_job_asks_the_table(String word) throws Exception {
        node.start();
        node.park("park");

        node.hear(word);

        assertThatOthersCanBeCancelled();
        assertThat(node.database.statements("attempted_at IS NOT NULL")).hasSize(1);
    }

    @Test
    void a_job_cancelled_before_its_worker_began_is_not_performed() throws Exception {
        node.executor = task -> {
            if (task instanceof Runners.Turn) {
                throw new RejectedExecutionException("deliberate");
            }
            node.threads.execute(task);
        };
        node.start();
        long before = node.add("turn");
        long job = node.add("ok");
        long after = node.add("ok");
        node.wake();
        node.told.awaitParked(1);
        assertThat(node.running()).containsExactly(before, job, after);
        jobs.change(job, CANCELLED);

        for (int times = 1; times <= 2; times++) { // the second is looked into when the first has had its effect
            int looks = times;
            node.hearKill(job);
            await().until(() ->
                    node.database.statements("attempted_at IS NOT NULL").size() == looks);
        }
        node.told.release(1);
        await().until(() -> jobs.state(after).equals("completed"));
        assertThatOthersCanBeCancelled();

        assertThat(node.told.performed).contains(before, after).doesNotContain(job);
        assertThat(jobs.row(job))
                .containsEntry("state", "cancelled")
                .containsEntry("cancelled_at", "2026-01-01 00:00:00.000007");
        assertThat(jobs.count("errors[1] ->> 'error' = '%s' AND id = %d".formatted(SHUT_DOWN, job)))
                .isEqualTo(1);
        assertThat(node.events.of(JobStopped.class))
                .anyMatch(stopped -> stopped.job().id() == job && stopped.state() == JobState.CANCELLED);
    }

    @Test
    void a_worker_that_is_done_all_the_same_is_fenced_and_its_job_stays_cancelled() throws Exception {
        node.start();
        long job = node.park("finish");
        jobs.change(job, CANCELLED);
        Map<String, String> cancelled = jobs.row(job);

        node.hearKill(job);

        JobFenced fenced = node.events.awaitOne(JobFenced.class);
        assertThat(fenced.state()).isEqualTo(JobState.COMPLETED);
        assertThat(jobs.row(job)).isEqualTo(cancelled);
        assertThat(node.events.of(JobStopped.class)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"give up, not mine", "error out, late", "throw up, late", "sleep on, PT1H"})
    void whatever_else_a_worker_answers_the_job_was_cancelled_from_outside(String act, String text) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        node.workers.add(MadeWorkers.of("Made", (args, context) -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException cancelled) {
                switch (act) {
                    case "give up":
                        return Outcome.cancel(text);
                    case "error out":
                        return Outcome.error(text);
                    case "sleep on":
                        return Outcome.snooze(Duration.parse(text));
                    default:
                        throw new IllegalStateException(text);
                }
            }
            return Outcome.ok();
        }));
        node.start();
        long job = jobs.add("(worker) VALUES ('Made')");
        node.wake();
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        jobs.change(job, CANCELLED);

        node.hearKill(job);

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.CANCELLED);
        assertThat(jobs.state(job)).isEqualTo("cancelled");
        assertThat(jobs.query("SELECT errors[1] ->> 'error' FROM ${schema}.oban_jobs"))
                .containsExactly(SHUT_DOWN.replace("Told", "Made"));
    }

    @Test
    void the_worker_sees_the_flag_where_it_swallowed_the_interrupt() throws Exception {
        List<Boolean> flags = new CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        node.workers.add(MadeWorkers.of("Made", (args, context) -> {
            flags.add(context.isCancelled());
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException swallowed) {
                flags.add(context.isCancelled());
            }
            flags.add(context.isCancelled());
            flags.add(context.shouldStop());
            return Outcome.ok();
        }));
        node.start();
        long job = jobs.add("(worker) VALUES ('Made')");
        node.wake();
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        jobs.change(job, CANCELLED);

        node.hearKill(job);

        node.events.awaitOne(JobFenced.class);
        assertThat(flags).containsExactly(false, true, true, true);
    }

    @Test
    void a_late_word_ends_no_later_run_of_the_same_job() throws Exception {
        node.start();
        long job = node.park("stubborn");
        jobs.change(job, "state = 'available', args = '{\"act\": \"turn\"}'");
        node.wake();
        node.told.awaitParked(1);
        assertThat(jobs.row(job)).containsEntry("state", "executing").containsEntry("attempt", "2");

        node.hearKill(job);
        assertThatOthersCanBeCancelled();
        node.told.release(1);

        await().until(() -> jobs.state(job).equals("completed"));
        node.told.releaseAll();
        assertThat(node.events.awaitOne(JobFenced.class).job().attempt()).isEqualTo(1);
        assertThat(jobs.row(job)).containsEntry("state", "completed").containsEntry("attempt", "2");
    }

    @Test
    void the_earlier_run_is_the_one_that_is_ended() throws Exception {
        node.start();
        long job = node.park("park");
        jobs.change(job, "state = 'available', args = '{\"act\": \"turn\"}'");
        node.wake();
        node.told.awaitParked(1);

        node.hearKill(job);

        assertThat(node.events.awaitOne(JobFenced.class).job().attempt()).isEqualTo(1);
        assertThat(jobs.row(job)).containsEntry("state", "executing").containsEntry("errors", "{}");
        assertThat(node.running()).containsExactly(job);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE ${schema}.oban_jobs SET state = 'available', queue = 'elsewhere'",
                "UPDATE ${schema}.oban_jobs SET state = 'discarded', discarded_at = '2026-01-01'",
                "UPDATE ${schema}.oban_jobs SET attempt = 2, attempted_by = '{there,other}',"
                        + " attempted_at = attempted_at + interval '1 microsecond'",
                "DELETE FROM ${schema}.oban_jobs"
            })
    void a_job_taken_from_its_run_in_any_other_way_is_ended_by_the_poll(String taken) throws Exception {
        node.pollInterval = Duration.ofMillis(100);
        node.start();
        long job = node.park("park");

        jobs.run(taken);
        Map<String, String> row = jobs.row(job);

        assertThat(node.events.awaitOne(JobFenced.class).job().id()).isEqualTo(job);
        assertThat(jobs.row(job)).isEqualTo(row);
        assertThat(node.events.of(JobStopped.class)).isEmpty();
        assertThat(node.events.of(JobFailed.class)).isEmpty();
    }

    @Test
    void a_note_whose_answer_was_lost_is_written_once() throws Exception {
        node.start();
        long job = node.park("park");
        jobs.change(job, CANCELLED);
        node.database.loseAnswers("state = 'cancelled' AND NOT EXISTS", 1);

        node.hearKill(job);

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.CANCELLED);
        assertThat(jobs.row(job)).containsEntry("state", "cancelled");
        assertThat(jobs.count("cardinality(errors) = 1")).isEqualTo(1);
        assertThat(node.events.of(JobFenced.class)).isEmpty();
    }

    @Test
    void a_word_that_comes_while_the_table_cannot_be_asked_is_made_up_for_by_the_poll() throws Exception {
        node.pollInterval = Duration.ofMillis(100);
        node.start();
        long job = node.park("park");
        node.database.fail("attempted_at IS NOT NULL", 3);
        jobs.change(job, CANCELLED);

        node.hearKill(job);

        assertThat(node.events.awaitOne(JobStopped.class).job().id()).isEqualTo(job);
    }

    @Test
    void the_node_that_runs_the_job_is_the_one_that_ends_it() throws Exception {
        node.start();
        long job = node.park("park");
        try (TestNode other = new TestNode(schema, "default", 2)) {
            other.start();
            long others = node.add("park", "", "(queue) VALUES ('default')");
            other.wake();
            other.told.awaitParked(1);
            jobs.change(job, CANCELLED);

            other.hearKill(job);
            node.hearKill(job);

            assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.CANCELLED);
            assertThat(other.events.of(JobStopped.class)).isEmpty();
            assertThat(other.running()).containsExactly(others);
            assertThat(jobs.state(others)).isEqualTo("executing");
        }
    }

    @Test
    void a_cancelled_job_frees_its_place() throws Exception {
        node.start();
        long first = node.park("park");
        long second = node.park("park");
        long third = node.park("park");
        long fourth = node.add("ok");

        jobs.change(first, CANCELLED);
        node.hearKill(first);

        await().until(() -> jobs.state(fourth).equals("completed"));
        await().until(() -> node.running().equals(List.of(second, third)));
    }

    /** Another job of the queue is cancelled, which shows that what was said before has been dealt with. */
    private void assertThatOthersCanBeCancelled() throws InterruptedException {
        long other = node.park("park");
        jobs.change(other, CANCELLED);
        node.hearKill(other);
        await().until(() -> node.events.of(JobStopped.class).stream()
                .anyMatch(stopped -> stopped.job().id() == other));
    }
}
