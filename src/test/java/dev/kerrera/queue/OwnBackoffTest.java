package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.job.Job;
import dev.kerrera.job.JobState;
import dev.kerrera.task.BareCode;
import dev.kerrera.telemetry.JobFailed;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that says itself how long its failed jobs wait. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
class OwnBackoffTest {

    private static final String BY_DEFAULT = "2026-01-01 12:00:17.000123";

    private final TestNode node;
    private final RawJobs jobs;
    private final List<Failure> failures = new CopyOnWriteArrayList<>();
    private final List<Job> failed = new CopyOnWriteArrayList<>();

    OwnBackoffTest(TestSchema schema) {
        node = new TestNode(schema, "default", 1);
        node.clock = new SettableClock("2026-01-01T12:00:00.000123Z");
        jobs = node.jobs;
    }

    @AfterEach
    void end() throws Exception {
        node.close();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 2026-01-01 12:00:00.000123",
        "PT0.000001S, 2026-01-01 12:00:00.000124",
        "PT90S, 2026-01-01 12:01:30.000123",
        "PT1.5S, 2026-01-01 12:00:01.500123",
        "P365000D, 3025-05-04 12:00:00.000123"
    })
    void a_failed_job_waits_exactly_that_long(String wait, String until) {
        run((job, failure) -> Optional.of(Duration.parse(wait)), "{\"return\": \"x\"}");

        assertThat(row()).containsEntry("state", "retryable").containsEntry("scheduled_at", until);
    }

    @Test
    void it_is_told_what_was_thrown() {
        run((job, failure) -> Optional.of(Duration.ZERO), "{\"throw\": \"boom\"}");

        assertThat(failures).singleElement().satisfies(failure -> {
            assertThat(failure.thrown())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("boom");
            assertThat(failure.error()).startsWith("** (java.lang.IllegalStateException) boom\n    at ");
            assertThat(failure.error()).isEqualTo(error());
        });
    }

    @Test
    void it_is_told_what_was_returned() {
        run((job, failure) -> Optional.of(Duration.ZERO), "{\"return\": \"no luck\"}");

        assertThat(failures)
                .containsExactly(new Failure("** (Oban.PerformError) Made failed with {:error, \"no luck\"}", null));
        assertThat(error()).isEqualTo(failures.get(0).error());
    }

    @Test
    void it_is_told_of_the_job_as_it_was_fetched() {
        run(
                (job, failure) -> Optional.of(Duration.ofSeconds(job.attempt())),
                "{\"return\": \"x\"}",
                "(attempt, max_attempts) VALUES (6, 9)");

        assertThat(failed).singleElement().satisfies(job -> {
            assertThat(job.attempt()).isEqualTo(7);
            assertThat(job.maxAttempts()).isEqualTo(9);
        });
        assertThat(row()).containsEntry("scheduled_at", "2026-01-01 12:00:07.000123");
    }

    @Test
    void a_worker_that_leaves_it_open_gets_the_default() {
        try (CapturedLog log = CapturedLog.of(OwnBackoff.class)) {
            run((job, failure) -> Optional.empty(), "{\"return\": \"x\"}");

            assertThat(failures).hasSize(1);
            assertThat(row()).containsEntry("scheduled_at", BY_DEFAULT);
            assertThat(log.messages(Level.WARNING)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1S", "PT-0.000000001S", "PT8760000H0.000000001S", "PT2562047788015215H30M7S"})
    void a_wait_that_cannot_be_gives_the_default_with_a_warning(String wait) {
        assertThatDefaultIsUsed((job, failure) -> Optional.of(Duration.parse(wait)));
    }

    @Test
    void null_gives_the_default_with_a_warning() {
        assertThatDefaultIsUsed((job, failure) -> null);
    }

    @Test
    void an_exception_gives_the_default_with_a_warning() {
        assertThatDefaultIsUsed((job, failure) -> {
            throw new IllegalArgumentException("no idea");
        });
    }

    @Test
    void an_error_gives_the_default_with_a_warning() {
        assertThatDefaultIsUsed((job, failure) -> {
            throw new StackOverflowError("no end");
        });
    }

    @Test
    void in_the_last_attempt_nobody_is_asked() {
        run(
                (job, failure) -> Optional.of(Duration.ZERO),
                "{\"return\": \"x\"}",
                "(attempt, max_attempts) VALUES (2, 3)");

        assertThat(node.events.awaitOne(JobFailed.class).state()).isEqualTo(JobState.DISCARDED);
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"cancel\": \"x\"}", "{\"snooze\": \"PT1H\"}"})
    void about_a_job_that_did_not_fail_nobody_is_asked(String args) {
        node.workers.add(MadeWorkers.of("Made", new Made((job, failure) -> Optional.of(Duration.ZERO))));
        node.start();
        add(args, "(queue) VALUES ('default')");

        node.wake();

        node.events.awaitOne(JobStopped.class);
        assertThat(failures).isEmpty();
    }

    @Test
    void a_worker_without_its_own_idea_is_not_made_another_time_to_be_asked() {
        AtomicInteger made = new AtomicInteger();
        node.application = new BareCode() {
            @Override
            public <T> T call(Callable<T> code) throws Exception {
                made.incrementAndGet();
                return super.call(code);
            }
        };
        node.start();
        long job = node.add("error", "x");

        node.wake();

        node.events.awaitOne(JobFailed.class);
        assertThat(made).hasValue(1);
        assertThat(jobs.row(job)).containsEntry("scheduled_at", BY_DEFAULT);
    }

    @Test
    void it_is_asked_as_application_code() {
        AtomicInteger calls = new AtomicInteger();
        node.application = new BareCode() {
            @Override
            public <T> T call(Callable<T> code) throws Exception {
                if (calls.incrementAndGet() > 1) {
                    throw new IllegalStateException("work was left open");
                }
                return super.call(code);
            }
        };

        assertThatDefaultIsUsed((job, failure) -> Optional.of(Duration.ZERO));
        assertThat(calls).hasValue(2);
    }

    private void assertThatDefaultIsUsed(BiFunction<Job, Failure, Optional<Duration>> backoff) {
        try (CapturedLog log = CapturedLog.of(OwnBackoff.class)) {
            run(backoff, "{\"return\": \"x\"}");

            assertThat(row()).containsEntry("state", "retryable").containsEntry("scheduled_at", BY_DEFAULT);
            assertThat(error()).isEqualTo("** (Oban.PerformError) Made failed with {:error, \"x\"}");
            assertThat(log.messages(Level.WARNING))
                    .containsExactly("The backoff of Made failed for job 1; the default is used");
        }
    }

    private void run(BiFunction<Job, Failure, Optional<Duration>> backoff, String args) {
        run(backoff, args, "(queue) VALUES ('default')");
    }

    private void run(BiFunction<Job, Failure, Optional<Duration>> backoff, String args, String columnsAndValues) {
        node.workers.add(MadeWorkers.of("Made", new Made(backoff)));
        node.start();
        add(args, columnsAndValues);
        node.wake();
        node.events.awaitOne(JobFailed.class);
    }

    private void add(String args, String columnsAndValues) {
        jobs.add(columnsAndValues
                .replace("VALUES (", "VALUES ('Made', '%s', ".formatted(args))
                .replaceFirst("\\(", "(worker, args, "));
    }

    private Map<String, String> row() {
        return jobs.row(1);
    }

    private String error() {
        return jobs.query("SELECT errors[1] ->> 'error' FROM ${schema}.oban_jobs")
                .get(0);
    }

    /** Ends as its args say. */
    private final class Made implements Worker<JsonObject> {

        private final BiFunction<Job, Failure, Optional<Duration>> backoff;

        Made(BiFunction<Job, Failure, Optional<Duration>> backoff) {
            this.backoff = backoff;
        }

        @Override
        public Outcome perform(JsonObject args, JobContext job) {
            if (args.containsKey("throw")) {
                throw new IllegalStateException(args.getString("throw"));
            } else if (args.containsKey("return")) {
                return Outcome.error(args.getString("return"));
            } else if (args.containsKey("cancel")) {
                return Outcome.cancel(args.getString("cancel"));
            } else if (args.containsKey("snooze")) {
                return Outcome.snooze(Duration.parse(args.getString("snooze")));
            }
            return Outcome.ok();
        }

        @Override
        public Optional<Duration> backoff(Job job, Failure failure) {
            failed.add(job);
            failures.add(failure);
            return backoff.apply(job, failure);
        }
    }
}
