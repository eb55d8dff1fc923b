package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.job.Job;
import dev.kerrera.job.JobState;
import dev.kerrera.telemetry.JobFailed;
import dev.kerrera.telemetry.JobStarted;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.worker.Failure;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Worker;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In which order a run goes about its job, and what each step knows. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
class RunSequenceTest {

    private final List<String> steps = new CopyOnWriteArrayList<>();
    private final TestNode node;
    private final RawJobs jobs;

    RunSequenceTest(TestSchema schema) {
        node = new TestNode(schema, "default", 1);
        node.clock = new SettableClock("2026-01-01T12:00:00.000123Z");
        jobs = node.jobs;
        node.sinks.add(event -> {
            if (event instanceof JobStarted) {
                steps.add("told of the start");
            } else if (event instanceof JobStopped stopped) {
                steps.add("told of the end, row " + jobs.state(stopped.job().id()));
            } else if (event instanceof JobFailed failed) {
                steps.add("told of the failure, row " + jobs.state(failed.job().id()));
            }
        });
    }

    @AfterEach
    void end() throws Exception {
        node.close();
    }

    @Test
    void start_timeout_work_write_and_end_come_in_this_order() {
        run(new Recorded(Outcome::ok));

        await().until(() -> steps.size() == 4);
        assertThat(steps)
                .containsExactly(
                        "told of the start",
                        "asked for its timeout, row executing",
                        "works, row executing",
                        "told of the end, row completed");
    }

    @Test
    void a_failure_asks_for_its_wait_before_it_is_written() {
        run(new Recorded(() -> Outcome.error("x")));

        await().until(() -> steps.size() == 5);
        assertThat(steps)
                .containsExactly(
                        "told of the start",
                        "asked for its timeout, row executing",
                        "works, row executing",
                        "asked for its wait, row executing",
                        "told of the failure, row retryable");
    }

    @Test
    void the_duration_ends_before_the_write() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        node.database.hang(TappedDataSource.COMPLETION, hanging);
        long start = System.nanoTime();
        run((args, job) -> Outcome.ok());
        await().until(() ->
                !node.database.statements(TappedDataSource.COMPLETION).isEmpty());
        Duration untilWrite = Duration.ofNanos(System.nanoTime() - start);

        await("the write has taken longer than everything before")
                .until(() -> System.nanoTime() - start > 2 * untilWrite.toNanos());
        hanging.countDown();

        assertThat(node.events.awaitOne(JobStopped.class).duration())
                .isPositive()
                .isLessThanOrEqualTo(untilWrite);
    }

    @Test
    void the_duration_is_at_least_that_of_the_worker() {
        List<Duration> taken = new CopyOnWriteArrayList<>();
        run((args, job) -> {
            long start = System.nanoTime();
            jobs.state(job.id());
            taken.add(Duration.ofNanos(System.nanoTime() - start));
            return Outcome.ok();
        });

        assertThat(node.events.awaitOne(JobStopped.class).duration()).isGreaterThanOrEqualTo(taken.get(0));
    }

    @Test
    void the_worker_is_given_the_job_as_it_was_fetched() {
        List<Job> given = new CopyOnWriteArrayList<>();
        List<JsonObject> decoded = new CopyOnWriteArrayList<>();
        node.workers.add(MadeWorkers.of("Made", (args, job) -> {
            given.add(job.job());
            decoded.add(args);
            decoded.add(job.meta());
            return Outcome.ok();
        }));
        node.start();
        jobs.add("(worker, attempt, max_attempts, args, meta)"
                + " VALUES ('Made', 2, 3, '{\"a\": {\"b\": [1]}}', '{\"trace\": \"t\"}')");
        node.wake();

        node.events.awaitOne(JobStopped.class);
        assertThat(given).singleElement().satisfies(job -> {
            assertThat(job.state()).isEqualTo(JobState.EXECUTING);
            assertThat(job.attempt()).isEqualTo(3);
            assertThat(job.attemptedAt()).isEqualTo("2026-01-01T12:00:00.000123Z");
            assertThat(job.attemptedBy()).containsExactly("here", node.producer.toString());
        });
        assertThat(decoded)
                .extracting(JsonObject::toString)
                .containsExactly("{\"a\":{\"b\":[1]}}", "{\"trace\":\"t\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"returns", "throws", "breaks"})
    void its_own_wait_holds_however_the_worker_fails_and_knows_why(String how) {
        List<Failure> failures = new CopyOnWriteArrayList<>();
        long id = run(new Recorded(() -> fail(how)) {
            @Override
            public Optional<Duration> backoff(Job job, Failure failure) {
                failures.add(failure);
                return Optional.of(Duration.ofSeconds(7));
            }
        });

        JobFailed failed = node.events.awaitOne(JobFailed.class);
        assertThat(jobs.row(id))
                .containsEntry("state", "retryable")
                .containsEntry("scheduled_at", "2026-01-01 12:00:07.000123");
        assertThat(failures).extracting(Failure::error).containsExactly(failed.error());
        assertThat(jobs.query("SELECT errors[1] ->> 'error' FROM ${schema}.oban_jobs"))
                .containsExactly(failed.error());
    }

    @ParameterizedTest
    @CsvSource({"ok, '', completed", "cancel, x, cancelled", "discard, x, discarded", "snooze, PT0S, scheduled"})
    void only_a_failure_uses_up_the_last_attempt(String act, String text, String state) {
        node.start();
        long id = node.add(act, text, "(attempt, max_attempts) VALUES (2, 3)");

        node.wake();

        assertThat(node.events.awaitOne(JobStopped.class).state().label()).isEqualTo(state);
        assertThat(jobs.state(id)).isEqualTo(state);
        assertThat(node.events.of(JobFailed.class)).isEmpty();
    }

    @Test
    void an_attempt_is_the_last_by_the_numbers_it_was_fetched_with() {
        node.workers.add(MadeWorkers.of("Made", (args, job) -> {
            jobs.change(job.id(), "max_attempts = 9");
            return Outcome.error("x");
        }));
        node.start();
        long id = jobs.add("(worker, attempt, max_attempts) VALUES ('Made', 2, 3)");
        node.wake();

        assertThat(node.events.awaitOne(JobFailed.class).state()).isEqualTo(JobState.DISCARDED);
        assertThat(jobs.row(id)).containsEntry("state", "discarded").containsEntry("max_attempts", "9");
    }

    @Test
    void a_snooze_may_be_for_no_time_at_all() {
        node.start();
        long id = node.add("snooze", "PT0S");
        Map<String, String> before = jobs.row(id);

        node.wake();

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.SCHEDULED);
        assertThat(jobs.row(id))
                .containsEntry("attempt", before.get("attempt"))
                .containsEntry("scheduled_at", "2026-01-01 12:00:00.000123");
    }

    private long run(Worker<JsonObject> worker) {
        node.workers.add(MadeWorkers.of("Made", worker));
        node.start();
        long id = jobs.add("(worker) VALUES ('Made')");
        node.wake();
        return id;
    }

    private static Outcome fail(String how) {
        return switch (how) {
            case "throws" -> throw new IllegalStateException("deliberate");
            case "breaks" -> throw new AssertionError("deliberate");
            default -> Outcome.error("deliberate");
        };
    }

    /** Notes when it is asked what, and how the row is then. */
    private class Recorded implements Worker<JsonObject> {

        private final Callable<Outcome> work;

        Recorded(Callable<Outcome> work) {
            this.work = work;
        }

        @Override
        public Outcome perform(JsonObject args, JobContext job) throws Exception {
            steps.add("works, row " + jobs.state(job.id()));
            return work.call();
        }

        @Override
        public Optional<Duration> timeout(Job job) {
            steps.add("asked for its timeout, row " + jobs.state(job.id()));
            return Optional.of(Duration.ofHours(1));
        }

        @Override
        public Optional<Duration> backoff(Job job, Failure failure) {
            steps.add("asked for its wait, row " + jobs.state(job.id()));
            return Optional.empty();
        }
    }
}
