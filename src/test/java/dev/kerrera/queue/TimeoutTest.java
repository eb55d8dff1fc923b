package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.job.Job;
import dev.kerrera.job.JobState;
import dev.kerrera.telemetry.JobFailed;
import dev.kerrera.telemetry.JobFenced;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.telemetry.JobStuck;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.worker.Execution;
import dev.kerrera.worker.Failure;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Worker;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that takes longer than it may, and heeds its interrupt. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
class TimeoutTest {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofHours(1);
    private static final String TIMED_OUT = "** (Oban.TimeoutError) Told timed out after 50ms";

    private final TestNode node;
    private final RawJobs jobs;
    private final CountDownLatch never = new CountDownLatch(1);

    TimeoutTest(TestSchema schema) {
        node = new TestNode(schema, "default", 1);
        jobs = node.jobs;
    }

    @AfterEach
    void end() throws Exception {
        node.close();
    }

    @Test
    void a_worker_over_its_time_is_interrupted_and_its_job_is_tried_again() {
        startToldWithin(SHORT);
        long job = node.add("park");

        node.wake();

        JobFailed failed = node.events.awaitOne(JobFailed.class);
        assertThat(failed.state()).isEqualTo(JobState.RETRYABLE);
        assertThat(failed.error()).isEqualTo(TIMED_OUT);
        assertThat(jobs.row(job)).containsEntry("state", "retryable").containsEntry("attempt", "1");
        assertThat(error(job)).isEqualTo(TIMED_OUT);
        assertThat(node.told.ended).hasValue(1);
        assertThat(node.events.of(JobStopped.class)).isEmpty();
        assertThat(node.events.of(JobStuck.class)).isEmpty();
    }

    @Test
    void in_the_last_attempt_its_job_is_discarded() {
        startToldWithin(SHORT);
        long job = node.add("park", "", "(attempt, max_attempts) VALUES (2, 3)");

        node.wake();

        assertThat(node.events.awaitOne(JobFailed.class).state()).isEqualTo(JobState.DISCARDED);
        assertThat(jobs.row(job)).containsEntry("state", "discarded").containsEntry("attempt", "3");
        assertThat(error(job)).isEqualTo(TIMED_OUT);
    }

    @Test
    void a_worker_that_ends_well_in_spite_of_the_interrupt_has_completed_its_job() {
        startToldWithin(SHORT);
        long job = node.add("finish");

        node.wake();

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.COMPLETED);
        assertThat(jobs.row(job)).containsEntry("state", "completed").containsEntry("errors", "{}");
        assertThat(node.events.of(JobFailed.class)).isEmpty();
    }

    @Test
    void a_worker_that_answers_the_interrupt_by_its_own_decision_has_its_way() {
        startToldWithin(SHORT);
        long job = node.add("give up", "too slow");

        node.wake();

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.CANCELLED);
        assertThat(error(job)).isEqualTo("** (Oban.PerformError) Told failed with {:cancel, \"too slow\"}");
    }

    @Test
    void an_error_returned_after_the_interrupt_is_recorded_as_a_timeout() {
        start(new Execution(SHORT, false), (args, context) -> {
            awaitInterrupt();
            return Outcome.error("something");
        });

        long job = run();

        assertThat(node.events.awaitOne(JobFailed.class).error()).isEqualTo(TIMED_OUT.replace("Told", "Made"));
        assertThat(jobs.state(job)).isEqualTo("retryable");
    }

    @Test
    void a_worker_that_ends_in_time_hears_nothing_of_it() {
        startToldWithin(LONG);
        long job = node.add("ok");

        node.wake();

        await().until(() -> jobs.state(job).equals("completed"));
        await().until(() -> alarms() == 0);
    }

    @Test
    void the_next_job_on_the_thread_is_not_interrupted_by_the_alarm_of_the_one_before() {
        startToldWithin(Duration.ofSeconds(2));
        LongStream.range(0, 20).forEach(n -> node.add("ok"));

        node.wake();

        await().until(() -> jobs.count("state = 'completed'") == 20);
        assertThat(node.events.of(JobFailed.class)).isEmpty();
    }

    @Test
    void the_workers_own_word_goes_before_its_definition() {
        start(new Execution(LONG, false), new Slow(Optional.of(SHORT)));

        long job = run();

        node.events.awaitOne(JobFailed.class);
        assertThat(error(job)).isEqualTo("** (Oban.TimeoutError) Made timed out after 50ms");
    }

    @Test
    void the_definition_holds_where_the_worker_says_nothing() {
        start(new Execution(SHORT, false), new Slow(Optional.empty()));

        long job = run();

        node.events.awaitOne(JobFailed.class);
        assertThat(error(job)).isEqualTo("** (Oban.TimeoutError) Made timed out after 50ms");
    }

    @Test
    void the_worker_is_asked_about_the_job_as_it_was_fetched() {
        List<Job> asked = new CopyOnWriteArrayList<>();
        start(Execution.PLAIN, new Slow(Optional.of(SHORT)) {
            @Override
            public Optional<Duration> timeout(Job job) {
                asked.add(job);
                return super.timeout(job);
            }
        });

        long job = run();

        node.events.awaitOne(JobFailed.class);
        assertThat(asked).singleElement().satisfies(one -> {
            assertThat(one.id()).isEqualTo(job);
            assertThat(one.attempt()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT8760000H0.000000001S", "PT2562047788015215H30M7S"})
    void a_time_that_is_none_fails_the_attempt_before_the_worker_begins(String time) {
        Slow slow = new Slow(Optional.of(Duration.parse(time)));
        start(Execution.PLAIN, slow);

        long job = run();

        assertThat(node.events.awaitOne(JobFailed.class).error())
                .startsWith(
                        "** (java.lang.IllegalArgumentException) timeout of Made must be > 0 and at most PT8760000H, was "
                                + time + "\n");
        assertThat(jobs.state(job)).isEqualTo("retryable");
        assertThat(slow.begun).isFalse();
    }

    @Test
    void a_worker_that_fails_to_say_how_long_it_may_take_fails_its_attempt_alone() {
        start(Execution.PLAIN, new Slow(Optional.empty()) {
            @Override
            public Optional<Duration> timeout(Job job) {
                throw new IllegalStateException("no idea");
            }
        });

        run();

        assertThat(node.events.awaitOne(JobFailed.class).error())
                .startsWith("** (java.lang.IllegalStateException) no idea");
        assertThatQueueWorks();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.5S", "PT8760000H"})
    void short_and_long_times_are_times(String time) {
        start(Execution.PLAIN, new Worker<>() {
            @Override
            public Outcome perform(JsonObject args, JobContext context) {
                return Outcome.ok();
            }

            @Override
            public Optional<Duration> timeout(Job job) {
                return Optional.of(Duration.parse(time));
            }
        });

        long job = run();

        await().until(() -> jobs.state(job).equals("completed"));
    }

    @Test
    void the_deadline_is_the_start_and_the_time() {
        List<Optional<Instant>> deadlines = new CopyOnWriteArrayList<>();
        node.clock = new SettableClock("2026-01-01T12:00:00Z");
        start(new Execution(Duration.ofMinutes(5), false), (args, context) -> {
            deadlines.add(context.deadline());
            return Outcome.ok();
        });

        run();

        node.events.awaitOne(JobStopped.class);
        assertThat(deadlines).containsExactly(Optional.of(Instant.parse("2026-01-01T12:05:00Z")));
    }

    @Test
    void without_a_time_there_is_no_deadline() {
        List<Optional<Instant>> deadlines = new CopyOnWriteArrayList<>();
        start(Execution.PLAIN, (args, context) -> {
            deadlines.add(context.deadline());
            return Outcome.ok();
        });

        run();

        node.events.awaitOne(JobStopped.class);
        assertThat(deadlines).containsExactly(Optional.empty());
    }

    @Test
    void the_flag_stays_although_the_interrupt_was_swallowed() {
        List<Boolean> flags = new CopyOnWriteArrayList<>();
        start(new Execution(SHORT, false), (args, context) -> {
            flags.add(context.shouldStop());
            awaitInterrupt();
            flags.add(Thread.currentThread().isInterrupted());
            flags.add(context.shouldStop());
            flags.add(context.shouldStop());
            flags.add(context.isCancelled());
            return Outcome.ok();
        });

        run();

        node.events.awaitOne(JobStopped.class);
        assertThat(flags).containsExactly(false, false, true, true, false);
    }

    @Test
    void its_own_backoff_counts_and_is_told_of_the_timeout() {
        List<Failure> failures = new CopyOnWriteArrayList<>();
        node.clock = new SettableClock("2026-01-01T12:00:00.000123Z");
        start(Execution.PLAIN, new Slow(Optional.of(SHORT)) {
            @Override
            public Optional<Duration> backoff(Job job, Failure failure) {
                failures.add(failure);
                return Optional.of(Duration.ofMinutes(7));
            }
        });

        long job = run();

        node.events.awaitOne(JobFailed.class);
        assertThat(jobs.row(job)).containsEntry("scheduled_at", "2026-01-01 12:07:00.000123");
        assertThat(failures).containsExactly(new Failure("** (Oban.TimeoutError) Made timed out after 50ms", null));
    }

    @Test
    void the_write_after_a_timeout_is_not_interrupted() {
        startToldWithin(SHORT);
        long job = node.add("park");
        node.database.fail("'retryable'", 3);

        node.wake();

        assertThat(node.events.awaitOne(JobFailed.class).state()).isEqualTo(JobState.RETRYABLE);
        assertThat(jobs.state(job)).isEqualTo("retryable");
        assertThatQueueWorks();
    }

    @Test
    void time_spent_writing_the_result_does_not_count() throws Exception {
        startToldWithin(LONG);
        CountDownLatch hanging = new CountDownLatch(1);
        node.database.hang(TappedDataSource.COMPLETION, hanging);
        long job = node.add("ok");
        node.wake();
        await().until(() ->
                !node.database.statements(TappedDataSource.COMPLETION).isEmpty());

        await().until(() -> alarms() == 0);
        hanging.countDown();

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.COMPLETED);
        assertThat(jobs.state(job)).isEqualTo("completed");
        assertThat(node.events.of(JobFenced.class)).isEmpty();
    }

    private void startToldWithin(Duration time) {
        node.workers.set(0, node.told.definition(new Execution(time, false)));
        node.start();
    }

    private void start(Execution execution, Worker<JsonObject> worker) {
        node.workers.add(MadeWorkers.of("Made", execution, worker));
        node.start();
    }

    private long run() {
        long job = jobs.add("(worker) VALUES ('Made')");
        node.wake();
        return job;
    }

    private void assertThatQueueWorks() {
        long next = node.add("ok");
        node.wake();
        await().until(() -> jobs.state(next).equals("completed"));
    }

    /** What the timer is to do beside the poll, the heartbeat and the look for lasting orders. */
    private long alarms() {
        return Math.max(
                0,
                node.timer.getQueue().stream()
                                .filter(task -> !((Future<?>) task).isCancelled())
                                .count()
                        - 3);
    }

    private String error(long job) {
        return jobs.query("SELECT errors[1] ->> 'error' FROM ${schema}.oban_jobs WHERE id = " + job)
                .get(0);
    }

    private void awaitInterrupt() {
        try {
            never.await();
        } catch (InterruptedException swallowed) {
            // as workers do
        }
    }

    /** Goes on until it is interrupted. */
    private class Slow implements Worker<JsonObject> {

        volatile boolean begun;
        private final Optional<Duration> timeout;

        Slow(Optional<Duration> timeout) {
            this.timeout = timeout;
        }

        @Override
        public Outcome perform(JsonObject args, JobContext context) throws Exception {
            begun = true;
            never.await();
            return Outcome.ok();
        }

        @Override
        public Optional<Duration> timeout(Job job) {
            return timeout;
        }
    }
}
