package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.job.Job;
import dev.kerrera.job.JobState;
import dev.kerrera.telemetry.JobFailed;
import dev.kerrera.telemetry.JobFenced;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.telemetry.JobStuck;
import dev.kerrera.telemetry.QueueStopped;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.worker.Execution;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Worker;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A worker that ignores its interrupt. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
class StuckTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    private final TestNode node;
    private final RawJobs jobs;
    private final Deaf deaf = new Deaf();

    StuckTest(TestSchema schema) {
        node = new TestNode(schema, "default", 1);
        node.interruptGrace = SHORT;
        jobs = node.jobs;
    }

    @BeforeEach
    void start() {
        node.workers.add(MadeWorkers.of("Deaf", new Execution(SHORT, false), deaf));
        node.start();
    }

    @AfterEach
    void end() throws Exception {
        deaf.inside.keySet().forEach(deaf::letGo);
        node.close();
    }

    @Test
    void its_job_is_settled_without_it() {
        long job = stick();

        JobFailed failed = node.events.awaitOne(JobFailed.class);
        assertThat(failed.state()).isEqualTo(JobState.RETRYABLE);
        assertThat(failed.error()).isEqualTo("** (Oban.TimeoutError) Deaf timed out after 50ms");
        assertThat(jobs.row(job)).containsEntry("state", "retryable").containsEntry("attempt", "1");
        assertThat(deaf.inside).containsKey(job);
    }

    @Test
    void it_is_reported_with_its_thread_and_what_it_does() {
        try (CapturedLog log = CapturedLog.of("dev.kerrera")) {
            long job = stick();

            JobStuck stuck = node.events.awaitOne(JobStuck.class);
            assertThat(stuck.job().id()).isEqualTo(job);
            assertThat(stuck.thread()).isEqualTo(deaf.inside.get(job));
            assertThat(stuck.stack()).anyMatch(frame -> frame.getMethodName().equals("awaitDeaf"));
            await().until(() -> log.messages(Level.WARNING).stream().anyMatch(line -> line.contains("goes on")));
            assertThat(log.messages(Level.WARNING))
                    .filteredOn(line -> line.contains("goes on"))
                    .singleElement()
                    .asString()
                    .startsWith(("Job %d (Deaf) of queue default goes on although it was interrupted; it is settled"
                                    + " without its worker, which holds thread %s at\n    ")
                            .formatted(job, stuck.thread()))
                    .contains("dev.kerrera.queue.StuckTest$Deaf.awaitDeaf(StuckTest.java:");
        }
    }

    @Test
    void its_place_goes_to_the_next_job_and_comes_back_only_once() {
        long job = stick();
        await().until(() -> node.abandoned().equals(List.of(job)));
        assertThat(node.running()).isEmpty();

        long next = node.add("ok");
        node.wake();
        await().until(() -> jobs.state(next).equals("completed"));
        assertThat(node.abandoned()).containsExactly(job);

        deaf.letGo(job);
        await().until(() -> node.abandoned().isEmpty());
        long parked = node.add("park");
        long waiting = node.add("ok");
        node.wake();
        await().until(() -> node.running().equals(List.of(parked)));
        assertThatNobodyWakes();
        assertThat(jobs.state(waiting)).isEqualTo("available");
    }

    @Test
    void what_it_returns_in_the_end_is_fenced() {
        long job = stick();
        node.events.awaitOne(JobFailed.class);
        Map<String, String> settled = jobs.row(job);

        deaf.letGo(job);

        JobFenced fenced = node.events.awaitOne(JobFenced.class);
        assertThat(fenced.job().id()).isEqualTo(job);
        assertThat(fenced.state()).isEqualTo(JobState.COMPLETED);
        assertThat(jobs.row(job)).isEqualTo(settled);
        assertThat(node.events.of(JobFailed.class)).hasSize(1);
        assertThat(node.events.of(JobStopped.class)).isEmpty();
    }

    @Test
    void what_it_throws_in_the_end_is_fenced_too() {
        long job = stick("{\"throw\": true}");
        node.events.awaitOne(JobFailed.class);
        Map<String, String> settled = jobs.row(job);

        deaf.letGo(job);

        assertThat(node.events.awaitOne(JobFenced.class).state()).isEqualTo(JobState.RETRYABLE);
        assertThat(jobs.row(job)).isEqualTo(settled);
        assertThat(node.events.of(JobFailed.class)).hasSize(1);
    }

    @Test
    void the_same_job_may_run_anew_beside_it() {
        long job = stick();
        node.events.awaitOne(JobFailed.class);
        await().until(() -> node.abandoned().equals(List.of(job)));
        jobs.change(job, "state = 'available', worker = 'Told', args = '{\"act\": \"park\"}'");
        node.wake();
        await().until(() -> node.running().equals(List.of(job)));

        deaf.letGo(job);

        assertThat(node.events.awaitOne(JobFenced.class).job().attempt()).isEqualTo(1);
        assertThat(jobs.row(job)).containsEntry("state", "executing").containsEntry("attempt", "2");
        assertThat(node.running()).containsExactly(job);
        node.told.releaseAll();
        assertThat(node.events.awaitOne(JobStopped.class).job().attempt()).isEqualTo(2);
        assertThat(jobs.state(job)).isEqualTo("completed");
    }

    @Test
    void a_cancelled_job_is_settled_without_it_and_gets_one_note_of_that_alone() {
        long job = stick("{\"throw\": true, \"patient\": true}");
        await().until(() -> deaf.inside.containsKey(job));

        jobs.change(job, "state = 'cancelled', cancelled_at = '2026-01-01'");
        node.hearKill(job);

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.CANCELLED);
        assertThat(node.events.awaitOne(JobStuck.class).job().id()).isEqualTo(job);
        Map<String, String> settled = jobs.row(job);
        assertThat(settled).containsEntry("state", "cancelled").containsEntry("cancelled_at", "2026-01-01 00:00:00");
        assertThat(jobs.query("SELECT errors[1] ->> 'error' FROM ${schema}.oban_jobs"))
                .containsExactly("** (Oban.PerformError) Deaf failed with {:cancel, :shutdown}");
        deaf.letGo(job);

        assertThat(node.events.awaitOne(JobFenced.class).job().id()).isEqualTo(job);
        assertThat(jobs.row(job)).isEqualTo(settled);
        assertThat(node.events.of(JobStopped.class)).hasSize(1);
    }

    @Test
    void no_more_places_are_lent_than_the_queue_has() {
        try (CapturedLog log = CapturedLog.of(Producer.class)) {
            long first = stick();
            await().until(() -> node.abandoned().equals(List.of(first)));
            long second = stick();
            node.events.await(JobFailed.class, 2);
            await().until(() -> !log.messages(Level.WARNING).isEmpty());

            assertThat(log.messages(Level.WARNING))
                    .containsExactly(
                            ("Job %d keeps its place in queue default until it ends, because 1 others go on after"
                                            + " their end as well")
                                    .formatted(second));
            assertThat(node.running()).containsExactly(second);
            assertThat(node.abandoned()).containsExactly(first);
            assertThat(jobs.state(second)).isEqualTo("retryable");
            long third = node.add("ok");
            assertThatNobodyWakes();

            deaf.letGo(second);

            await().until(() -> jobs.state(third).equals("completed"));
            assertThat(node.abandoned()).containsExactly(first);
        }
    }

    @Test
    void a_lent_place_that_came_back_is_lent_again() {
        long first = stick();
        await().until(() -> node.abandoned().equals(List.of(first)));
        deaf.letGo(first);
        await().until(() -> node.abandoned().isEmpty());

        long second = stick();

        await().until(() -> node.abandoned().equals(List.of(second)));
        assertThat(node.running()).isEmpty();
    }

    @Test
    void a_stop_does_not_wait_for_it_and_leaves_no_orphan() {
        long job = stick();
        await().until(() -> node.abandoned().equals(List.of(job)));

        long start = System.nanoTime();
        node.queues().stop(Duration.ofMinutes(1));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(node.events.awaitOne(QueueStopped.class).orphaned()).isEmpty();
        assertThat(jobs.state(job)).isEqualTo("retryable");
    }

    @Test
    void its_job_is_settled_once_the_database_is_back() {
        node.database.fail("'retryable'", 3);

        long job = stick();

        await().until(() -> jobs.state(job).equals("retryable"));
        await().until(() -> node.abandoned().equals(List.of(job)));
        assertThat(jobs.count("cardinality(errors) = 1")).isEqualTo(1);
    }

    private void assertThatNobodyWakes() {
        int before = node.handedOver.get();
        node.wake();
        assertThat(node.handedOver).hasValue(before);
    }

    private long stick() {
        return stick("{}");
    }

    private long stick(String args) {
        long job = jobs.add("(worker, args) VALUES ('Deaf', '" + args + "')");
        node.wake();
        return job;
    }

    /** Goes on until the test lets it go. */
    private static final class Deaf implements Worker<JsonObject> {

        final Map<Long, CountDownLatch> letGo = new ConcurrentHashMap<>();

        /** Thread by job. */
        final Map<Long, String> inside = new ConcurrentHashMap<>();

        void letGo(long job) {
            latch(job).countDown();
        }

        private CountDownLatch latch(long job) {
            return letGo.computeIfAbsent(job, id -> new CountDownLatch(1));
        }

        @Override
        public Optional<Duration> timeout(Job job) {
            return job.args().getBoolean("patient", false) ? Optional.of(Duration.ofHours(1)) : Optional.empty();
        }

        @Override
        public Outcome perform(JsonObject args, JobContext job) {
            inside.put(job.id(), Thread.currentThread().getName());
            awaitDeaf(latch(job.id()));
            if (args.getBoolean("throw", false)) {
                throw new IllegalStateException("late");
            }
            return Outcome.ok();
        }

        private static void awaitDeaf(CountDownLatch latch) {
            while (true) {
                try {
                    latch.await();
                    return;
                } catch (InterruptedException ignored) {
                    // a worker that does not care
                }
            }
        }
    }
}
