package dev.kerrera.queue;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.kerrera.job.JobState;
import dev.kerrera.notifier.Channel;
import dev.kerrera.telemetry.JobFailed;
import dev.kerrera.telemetry.JobFenced;
import dev.kerrera.telemetry.JobReleased;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.telemetry.QueueStopped;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a stop does to running and waiting jobs. */
@Timeout(90)
@ExtendWith(PooledSchema.class)
class StoppingTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration NONE = Duration.ZERO;

    private final TestSchema schema;
    private final TestNode node;
    private final RawJobs jobs;

    StoppingTest(TestSchema schema) {
        this.schema = schema;
        node = new TestNode(schema, "default", 2, "mail", 1);
        jobs = node.jobs;
    }

    @AfterEach
    void end() throws Exception {
        node.close();
    }

    @Test
    void a_stop_waits_for_running_jobs_and_takes_no_new_ones() throws Exception {
        node.start();
        long first = node.park("park");
        long second = node.park("park");
        long waiting = node.add("ok");

        Future<?> stop = node.threads.submit(() -> node.queues().stop(LONG));
        await().until(() -> node.queues().status().stream().allMatch(QueueStatus::stopping));
        node.wake();
        node.notifier.listening();
        assertThat(stop).isNotDone();
        node.told.releaseAll();
        stop.get(20, SECONDS);

        assertThat(jobs.state(first)).isEqualTo("completed");
        assertThat(jobs.state(second)).isEqualTo("completed");
        assertThat(jobs.state(waiting)).isEqualTo("available");
        assertThat(node.events.of(QueueStopped.class))
                .extracting(QueueStopped::queue, QueueStopped::orphaned)
                .containsExactlyInAnyOrder(tuple("default", List.of()), tuple("mail", List.of()));
    }

    @Test
    void an_idle_stop_returns_at_once() {
        node.start();

        long start = System.nanoTime();
        node.queues().stop(LONG);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(node.events.of(QueueStopped.class))
                .allMatch(stopped -> stopped.elapsed().compareTo(Duration.ofSeconds(10)) < 0);
    }

    @Test
    void a_job_that_ends_by_the_interrupt_goes_back_to_its_queue_with_its_attempt() throws Exception {
        List<String> announced = new ArrayList<>();
        node.notifier.subscribe(Channel.INSERT, message -> announced.add(message.getString("queue")));
        node.start();
        long job = node.add("park", "", "(attempt, max_attempts, meta) VALUES (4, 5, '{\"m\": 1}')");
        node.wake();
        node.told.awaitParked(1);

        announced.clear();
        node.queues().stop(NONE);

        assertThat(node.events.awaitOne(JobReleased.class).job().id()).isEqualTo(job);
        assertThat(announced).containsExactly("default");
        assertThat(jobs.row(job))
                .containsEntry("state", "available")
                .containsEntry("attempt", "4")
                .containsEntry("errors", "{}")
                .containsEntry("meta", "{\"m\": 1}");
        assertThat(node.events.of(QueueStopped.class))
                .allMatch(stopped -> stopped.orphaned().isEmpty());
        assertThat(node.events.of(JobFailed.class)).isEmpty();
        assertThat(node.events.of(JobStopped.class)).isEmpty();
    }

    @Test
    void a_job_released_by_one_node_is_run_by_another() throws Exception {
        node.start();
        long job = node.park("turn");
        node.queues().stop(NONE);

        try (TestNode other = new TestNode(schema, "default", 1)) {
            other.told.release(1);
            other.start();

            await().until(() -> jobs.state(job).equals("completed"));
            assertThat(jobs.row(job)).containsEntry("attempt", "1").containsEntry("attempted_by", other.attemptedBy());
        }
    }

    @Test
    void a_job_that_ends_well_in_spite_of_the_interrupt_is_completed() throws Exception {
        node.start();
        long job = node.park("finish");

        node.queues().stop(NONE);

        assertThat(jobs.row(job)).containsEntry("state", "completed").containsEntry("attempt", "1");
        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void a_job_that_answers_the_interrupt_by_its_own_decision_has_its_way() throws Exception {
        node.start();
        long job = node.park("give up");

        node.queues().stop(NONE);

        assertThat(jobs.row(job)).containsEntry("state", "cancelled").containsEntry("attempt", "1");
        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void a_job_that_ignores_its_interrupt_is_reported_and_its_late_result_is_written() throws Exception {
        try (CapturedLog log = CapturedLog.of("dev.kerrera")) {
            node.start();
            long job = node.park("stubborn");

            node.queues().stop(NONE);

            assertThat(node.events.of(QueueStopped.class))
                    .extracting(QueueStopped::orphaned)
                    .containsExactlyInAnyOrder(List.of(job), List.of());
            assertThat(log.messages(Level.WARNING))
                    .anyMatch(line -> line.matches(
                            "Queue default stopped after \\d+ ms while jobs \\[" + job + "] were still running;.*"));
            assertThat(jobs.state(job)).isEqualTo("executing");

            node.told.releaseAll();

            assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.COMPLETED);
            assertThat(jobs.row(job)).containsEntry("state", "completed").containsEntry("attempt", "1");
        }
    }

    @Test
    void the_late_result_of_a_job_that_was_rescued_meanwhile_is_fenced() throws Exception {
        node.start();
        long job = node.park("stubborn");
        node.queues().stop(NONE);
        jobs.change(job, "attempt = 2, attempted_by = '{there,other}'");

        node.told.releaseAll();

        assertThat(node.events.awaitOne(JobFenced.class).job().id()).isEqualTo(job);
        assertThat(jobs.row(job)).containsEntry("state", "executing").containsEntry("attempt", "2");
    }

    @Test
    void a_job_that_waits_for_a_thread_is_released_without_being_run() throws Exception {
        holdFurtherThreads();
        node.start();
        long first = node.add("turn");
        long second = node.add("ok");
        node.wake();
        node.told.awaitParked(1);
        assertThat(node.running()).containsExactly(first, second);

        node.queues().stop(NONE);

        assertThat(node.events.of(QueueStopped.class))
                .allMatch(stopped -> stopped.orphaned().isEmpty());
        assertThat(node.told.performed).containsExactly(first);
        assertThat(jobs.row(first)).containsEntry("state", "available").containsEntry("attempt", "0");
        assertThat(jobs.row(second)).containsEntry("state", "available").containsEntry("attempt", "0");
    }

    @Test
    void a_job_that_no_thread_has_begun_is_given_back_and_one_that_comes_later_finds_nothing() throws Exception {
        List<Runnable> held = holdFurtherThreads();
        node.start();
        long first = node.add("stubborn");
        long second = node.add("ok");
        node.wake();
        node.told.awaitParked(1);

        node.queues().stop(NONE);
        assertThat(node.events.of(QueueStopped.class))
                .anyMatch(stopped -> stopped.orphaned().equals(List.of(first)));
        assertThat(node.events.awaitOne(JobReleased.class).job().id()).isEqualTo(second);
        assertThat(jobs.row(second)).containsEntry("state", "available").containsEntry("attempt", "0");
        held.forEach(Runnable::run);

        assertThat(node.told.performed).containsExactly(first);
    }

    /** The thread that fetches jobs runs them alone; those that would help are returned. */
    private List<Runnable> holdFurtherThreads() {
        List<Runnable> held = new CopyOnWriteArrayList<>();
        node.executor = task -> {
            if (task instanceof Runners.Turn) {
                held.add(task);
            } else {
                node.threads.execute(task);
            }
        };
        return held;
    }

    @Test
    void a_result_that_cannot_be_written_does_not_hold_up_the_stop_beyond_its_grace() throws Exception {
        try (CapturedLog log = CapturedLog.of(Results.class)) {
            node.start();
            long job = node.park("turn");
            node.database.fail(TappedDataSource.COMPLETION, 1_000_000);
            node.told.release(1);
            await().until(() -> !log.messages(Level.WARNING).isEmpty());

            long start = System.nanoTime();
            node.queues().stop(NONE);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            assertThat(jobs.state(job)).isEqualTo("executing");
            assertThat(log.messages(Level.SEVERE))
                    .containsExactly(("The result 'completed' of job %d was not written before the queue stopped;"
                                    + " the job stays executing until rescued")
                            .formatted(job));
            assertThat(node.events.of(JobStopped.class)).isEmpty();
            assertThat(node.events.of(JobFenced.class)).isEmpty();
        }
    }

    @Test
    void a_result_is_written_during_the_grace_when_the_database_comes_back() throws Exception {
        node.start();
        long job = node.park("turn");
        node.database.fail(TappedDataSource.COMPLETION, 5);
        node.told.release(1);

        node.queues().stop(LONG);

        assertThat(jobs.state(job)).isEqualTo("completed");
    }

    @Test
    void a_fetch_that_hangs_does_not_hold_up_the_stop_and_its_jobs_are_given_back_in_the_end() throws Exception {
        node.start();
        CountDownLatch hanging = new CountDownLatch(1);
        node.database.hang("kerrera_fetch", hanging);
        long job = node.add("ok");
        node.wake();
        await().until(() -> !node.database.statements("kerrera_fetch").isEmpty());

        long start = System.nanoTime();
        Future<?> stop = node.threads.submit(() -> node.queues().stop(NONE));
        stop.get(20, SECONDS);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        hanging.countDown();

        await().until(() -> !node.database.statements("NOT id = ANY").isEmpty());
        await().until(() ->
                jobs.row(job).get("attempted_by") != null && jobs.state(job).equals("available"));
        assertThat(jobs.row(job)).containsEntry("attempt", "0");
        assertThat(node.told.performed).isEmpty();
    }

    @Test
    void a_fetch_under_way_at_the_stop_gives_its_jobs_back() throws Exception {
        node.start();
        CountDownLatch hanging = new CountDownLatch(1);
        node.database.hang("kerrera_fetch", hanging);
        long job = node.add("ok");
        node.wake();
        await().until(() -> !node.database.statements("kerrera_fetch").isEmpty());

        Future<?> stop = node.threads.submit(() -> node.queues().stop(LONG));
        await().until(() -> node.queues().status().stream().allMatch(QueueStatus::stopping));
        hanging.countDown();
        stop.get(20, SECONDS);

        assertThat(jobs.row(job)).containsEntry("state", "available").containsEntry("attempt", "0");
        assertThat(node.told.performed).isEmpty();
    }

    @Test
    void a_stop_without_grace_waits_for_a_fetch_under_way_too() throws Exception {
        node.start();
        CountDownLatch hanging = new CountDownLatch(1);
        node.database.hang("kerrera_fetch", hanging);
        long job = node.add("ok");
        node.wake();
        await().until(() -> !node.database.statements("kerrera_fetch").isEmpty());

        Future<?> stop = node.threads.submit(() -> node.queues().stop(NONE));
        await().until(() -> node.queues().status().stream().allMatch(QueueStatus::stopping));
        assertThat(node.queues().status()).hasSize(2);
        hanging.countDown();
        stop.get(20, SECONDS);

        assertThat(jobs.row(job)).containsEntry("state", "available").containsEntry("attempt", "0");
    }

    @Test
    void jobs_of_a_fetch_whose_answer_was_lost_are_given_back_by_the_stop() {
        node.start();
        node.database.loseAnswers("kerrera_fetch", 1);
        long job = node.add("ok");
        node.wake();
        await().until(() -> jobs.state(job).equals("executing"));

        node.queues().stop(LONG);

        assertThat(jobs.row(job)).containsEntry("state", "available").containsEntry("attempt", "0");
    }

    @Test
    void a_stop_without_a_database_ends() {
        node.start();
        node.database.loseAnswers("kerrera_fetch", 1);
        long job = node.add("ok");
        node.wake();
        await().until(() -> jobs.state(job).equals("executing"));
        node.database.refuseConnections(1_000_000);

        node.queues().stop(LONG);

        assertThat(node.events.of(QueueStopped.class)).hasSize(2);
    }

    @Test
    void a_second_stop_is_harmless() throws Exception {
        node.start();
        node.park("park");
        node.queues().stop(NONE);

        node.queues().stop(LONG);

        assertThat(node.events.of(QueueStopped.class)).hasSize(2);
        assertThat(node.queues().status()).isEmpty();
    }

    @Test
    void once_stopped_the_queues_stay_so() {
        node.start();
        node.queues().stop(NONE);
        long job = node.add("ok");

        node.queues().start(node.timer);
        node.wake();
        node.notifier.listening();

        assertThat(node.handedOver).hasValue(0);
        assertThat(node.queues().status()).isEmpty();
        assertThat(jobs.state(job)).isEqualTo("available");
        assertThat(node.database.statements("kerrera_fetch")).isEmpty();
    }

    @Test
    void a_second_start_makes_no_second_producer() {
        node.start();
        List<QueueStatus> before = node.queues().status();

        node.queues().start(node.timer);

        assertThat(node.queues().status()).isEqualTo(before);
        long job = node.add("ok");
        node.wake();
        await().until(() -> jobs.state(job).equals("completed"));
        assertThat(node.database.statements("kerrera_fetch"))
                .as("the job, behind it, and once more from the top")
                .hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void a_stop_that_is_interrupted_ends_and_keeps_the_interrupt() throws Exception {
        node.start();
        node.park("park");

        Future<Boolean> kept = node.threads.submit(() -> {
            Thread.currentThread().interrupt();
            node.queues().stop(LONG);
            return Thread.interrupted();
        });

        assertThat(kept.get(10, SECONDS)).isTrue();
    }

    @Test
    void any_order_of_starts_and_stops_loses_no_job_and_leaves_nothing_running() throws Exception {
        Random random = new Random(42);
        jobs.run(
                "INSERT INTO ${schema}.oban_jobs (worker, args) SELECT 'Told', '{\"act\": \"ok\"}' FROM generate_series(1, 200)");
        for (int round = 0; round < 10; round++) {
            try (TestNode stressed = new TestNode(schema, "default", 3)) {
                stressed.pollInterval = Duration.ofMillis(1);
                Queues queues = stressed.queues();
                List<Future<?>> calls = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    boolean start = random.nextInt(4) > 0;
                    Duration grace = Duration.ofMillis(random.nextInt(50));
                    calls.add(stressed.threads.submit(() -> {
                        if (start) {
                            queues.start(node.timer);
                            stressed.wake();
                        } else {
                            queues.stop(grace);
                        }
                    }));
                }
                for (Future<?> call : calls) {
                    call.get(20, SECONDS);
                }
                queues.stop(LONG);
                assertThat(stressed.told.inside).hasValue(0);
                assertThat(stressed.events.of(QueueStopped.class))
                        .allMatch(stopped -> stopped.orphaned().isEmpty());
                assertThat(stressed.events.of(JobFenced.class)).isEmpty();
            }
            assertThat(jobs.count("state NOT IN ('available', 'completed')")).isZero();
            assertThat(jobs.count("state = 'completed' AND attempt <> 1")).isZero();
            assertThat(jobs.count("state = 'available' AND attempt <> 0")).isZero();
        }
    }
}
