package dev.kerrera.queue;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.job.Job;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.telemetry.JobFenced;
import dev.kerrera.telemetry.JobStarted;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.Sneaky;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.worker.WorkerDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a queue takes jobs, and how many. */
@Timeout(90)
@ExtendWith(PooledSchema.class)
class DispatchTest {

    private static final Duration OFTEN = Duration.ofMillis(20);

    private final TestSchema schema;
    private final List<TestNode> nodes = new ArrayList<>();
    private final RawJobs jobs;

    DispatchTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
    }

    @AfterEach
    void end() throws Exception {
        for (TestNode node : nodes) {
            node.close();
        }
    }

    private TestNode node(Object... queueLimits) {
        TestNode node = new TestNode(schema, queueLimits);
        nodes.add(node);
        return node;
    }

    @Test
    void never_more_jobs_run_at_once_than_the_limit_and_every_slot_is_used_again() throws Exception {
        TestNode node = node("default", 3).start();
        for (int i = 0; i < 10; i++) {
            node.add("turn");
        }
        node.wake();
        node.told.awaitParked(3);
        assertThat(node.running()).hasSize(3);
        assertThat(jobs.count("state = 'executing'")).isEqualTo(3);
        assertThat(jobs.count("state = 'available'")).isEqualTo(7);

        for (int i = 0; i < 7; i++) {
            node.told.release(1);
            node.told.awaitParked(1);
        }
        node.told.release(3);

        await().until(() -> jobs.count("state = 'completed'") == 10);
        await().until(() -> node.running().isEmpty());
        assertThat(node.told.most).hasValue(3);
        assertThat(node.told.performed).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void jobs_are_taken_by_priority() {
        TestNode node = node("default", 1);
        long second = node.add("ok", "", "(priority) VALUES (1)");
        long third = node.add("ok", "", "(priority) VALUES (2)");
        long first = node.add("ok", "", "(priority) VALUES (0)");
        node.start();

        node.events.await(JobStopped.class, 3);

        assertThat(node.told.performed).containsExactly(first, second, third);
    }

    @Test
    void a_wake_up_while_every_slot_is_taken_is_not_lost() throws Exception {
        TestNode node = node("default", 1).start();
        node.add("turn");
        node.wake();
        node.told.awaitParked(1);
        long later = node.add("ok");

        node.wake();
        node.told.release(1);

        await().until(() -> jobs.state(later).equals("completed"));
    }

    @Test
    void a_wake_up_while_jobs_are_being_fetched_is_not_lost() {
        TestNode node = node("default", 5);
        AtomicInteger added = new AtomicInteger();
        node.sinks.add(event -> {
            if (event instanceof JobStarted && added.incrementAndGet() < 50) {
                node.add("ok");
                node.wake();
            }
        });
        node.start();

        node.add("ok");
        node.wake();

        await().until(() -> jobs.count("state = 'completed'") == 50);
    }

    @Test
    void polling_alone_finds_work() {
        TestNode node = node("default", 2, "mail", 1);
        node.pollInterval = OFTEN;
        node.start();

        long here = node.add("ok");
        long there = node.add("ok", "", "(queue) VALUES ('mail')");

        await().until(() ->
                jobs.state(here).equals("completed") && jobs.state(there).equals("completed"));
    }

    @Test
    void work_that_was_there_before_the_start_is_found() {
        TestNode node = node("default", 2);
        long job = node.add("ok");

        node.start();

        await().until(() -> jobs.state(job).equals("completed"));
    }

    @Test
    void a_job_that_comes_before_the_others_of_a_busy_queue_does_not_wait_for_them() throws Exception {
        TestNode node = node("default", 2).start();
        jobs.run("INSERT INTO ${schema}.oban_jobs (worker, args, priority)"
                + " SELECT 'Told', '{\"act\":\"turn\",\"text\":\"\"}', 3 FROM generate_series(1, 600)");
        node.wake();
        node.told.awaitParked(2);

        long urgent = node.add("ok", "", "(priority) VALUES (0)");
        node.wake();
        while (!node.told.performed.contains(urgent)) {
            node.told.release(1);
            node.told.awaitParked(1);
        }

        assertThat(jobs.count("state = 'available' AND priority = 3")).isPositive();
        node.told.releaseAll();
    }

    @Test
    void a_message_wakes_its_queue_and_no_other() {
        TestNode node = node("default", 2, "mail", 1).start();
        long mail = node.add("ok", "", "(queue) VALUES ('mail')");
        long other = node.add("ok");

        node.notifier.heard(4711, schema.name() + ".oban_insert", "{\"queue\":\"mail\"}");
        assertThat(node.handedOver.get()).isPositive();

        await().until(() -> jobs.state(mail).equals("completed"));
        assertThat(jobs.state(other)).isEqualTo("available");
        assertThat(node.database.statements("kerrera_fetch"))
                .as("the job, behind it, a little before it, and once more from the top")
                .hasSizeLessThanOrEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"queue\":5}", "{\"queue\":null}", "{\"queue\":\"unknown\"}", "[]", "nonsense"})
    void a_message_that_names_no_queue_of_ours_is_passed_over(String payload) {
        TestNode node = node("default", 2).start();
        long job = node.add("ok");

        node.notifier.heard(4711, schema.name() + ".oban_insert", payload);
        assertThat(node.handedOver).hasValue(0);

        node.wake();
        await().until(() -> jobs.state(job).equals("completed"));
    }

    @Test
    void every_queue_is_woken_when_messages_may_have_been_missed() {
        TestNode node = node("default", 2, "mail", 1).start();
        long mail = node.add("ok", "", "(queue) VALUES ('mail')");
        long other = node.add("ok");

        node.notifier.listening();

        await().until(() ->
                jobs.state(mail).equals("completed") && jobs.state(other).equals("completed"));
    }

    @Test
    void a_full_queue_is_not_asked_for() throws Exception {
        TestNode node = node("default", 1).start();
        node.add("turn");
        node.wake();
        node.told.awaitParked(1);
        await().until(() -> node.running().size() == 1);
        int before = node.handedOver.get();

        node.wake();
        node.notifier.listening();

        assertThat(node.handedOver).hasValue(before);
    }

    @Test
    void a_job_of_an_unknown_worker_is_left_to_others() {
        TestNode node = node("default", 1).start();
        long unknown = jobs.add("(worker, priority) VALUES ('App.Worker', 0)");
        long known = node.add("ok", "", "(priority) VALUES (9)");
        Map<String, String> before = jobs.row(unknown);

        node.wake();

        await().until(() -> jobs.state(known).equals("completed"));
        assertThat(jobs.row(unknown)).isEqualTo(before);
    }

    @Test
    void a_worker_that_cannot_be_made_fails_its_attempt_alone() {
        TestNode node = node("default", 1);
        WorkerDefinition told = node.told.definition();
        node.workers.add(new WorkerDefinition(
                "Broken", told.beanClass(), told.argsType(), told.defaults(), told.execution(), () -> {
                    throw new ExceptionInInitializerError("deliberate");
                }));
        node.start();
        long broken = jobs.add("(worker) VALUES ('Broken')");
        long job = node.add("ok");

        node.wake();

        await().until(() -> jobs.state(job).equals("completed"));
        assertThat(jobs.state(broken)).isEqualTo("retryable");
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, AssertionError.class, LinkageError.class})
    void an_observer_that_throws_keeps_no_job_from_running(Class<? extends Throwable> type) {
        TestNode node = node("default", 1);
        node.sinks.add(0, event -> Sneaky.<RuntimeException>sneak(type));
        node.start();
        long first = node.add("ok");
        long second = node.add("error");

        node.wake();

        await().until(() ->
                jobs.state(first).equals("completed") && jobs.state(second).equals("retryable"));
        await().until(() -> node.running().isEmpty());
        assertThat(node.events.of(JobStarted.class)).hasSize(2);
    }

    @Test
    void a_job_taken_again_while_its_last_run_is_still_reported_is_not_forgotten() throws Exception {
        TestNode node = node("default", 2);
        CountDownLatch reporting = new CountDownLatch(1);
        CountDownLatch reported = new CountDownLatch(1);
        node.sinks.add(event -> {
            if (event instanceof JobStopped stopped && stopped.job().meta().isEmpty()) {
                reporting.countDown();
                awaitQuietly(reported);
            }
        });
        node.start();
        long job = node.add("snooze", "PT0S");
        node.wake();
        assertThat(reporting.await(10, SECONDS)).isTrue();
        jobs.change(job, "state = 'available', args = '{\"act\": \"turn\"}'");
        node.wake();
        node.told.awaitParked(1);

        reported.countDown();
        await().until(() -> node.told.ended.get() == 1);
        node.add("turn");
        node.add("turn");
        node.wake();
        node.told.awaitParked(1);

        await().until(() -> node.running().size() == 2);
        assertThat(node.running()).contains(job);
        assertThat(node.told.inside).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(classes = {RejectedExecutionException.class, IllegalStateException.class, LinkageError.class})
    void jobs_for_which_there_is_no_further_thread_are_run_by_the_one_that_fetched_them(
            Class<? extends Throwable> refusal) throws InterruptedException {
        TestNode node = node("default", 3);
        AtomicInteger refusals = new AtomicInteger();
        node.executor = task -> {
            if (task instanceof Runners.Turn) {
                refusals.incrementAndGet();
                Sneaky.<RuntimeException>sneak(refusal);
            }
            node.threads.execute(task);
        };
        Set<Thread> runners = ConcurrentHashMap.newKeySet();
        node.sinks.add(event -> {
            if (event instanceof JobStarted) {
                runners.add(Thread.currentThread());
            }
        });
        node.start();
        long first = node.add("turn");
        long second = node.add("throw");
        long third = node.add("ok");
        node.wake();
        node.told.awaitParked(1);
        node.hear("{\"action\":\"pause\",\"queue\":\"default\"}"); // or a later dispatch would bring its thread
        assertThat(node.running()).containsExactly(first, second, third);
        assertThat(node.told.performed).containsExactly(first);
        assertThat(refusals.get()).isPositive();

        node.told.release(1);

        await().until(() -> jobs.count("state IN ('completed', 'retryable') AND attempt = 1") == 3);
        assertThat(node.told.performed).containsExactly(first, second, third);
        assertThat(runners).hasSize(1);
    }

    @Test
    void jobs_of_two_nodes_run_exactly_once() throws Exception {
        TestNode here = node("default", 8);
        TestNode there = node("default", 8);
        there.node = "there";
        jobs.run(
                "INSERT INTO ${schema}.oban_jobs (worker, args) SELECT 'Told', '{\"act\": \"ok\"}' FROM generate_series(1, 2000)");

        here.start();
        there.start();

        await().atMost(Duration.ofSeconds(60)).until(() -> jobs.count("state <> 'completed'") == 0);
        List<Long> performed = new ArrayList<>(here.told.performed);
        performed.addAll(there.told.performed);
        assertThat(performed).hasSize(2000).doesNotHaveDuplicates();
        assertThat(here.told.performed).isNotEmpty();
        assertThat(there.told.performed).isNotEmpty();
        assertThat(here.told.most.get()).isLessThanOrEqualTo(8);
        assertThat(there.told.most.get()).isLessThanOrEqualTo(8);
        assertThat(jobs.count("attempt <> 1 OR errors <> '{}'")).isZero();
        assertThat(here.events.of(JobFenced.class)).isEmpty();
        assertThat(there.events.of(JobFenced.class)).isEmpty();
    }

    @Test
    void the_status_tells_what_runs_where() throws Exception {
        TestNode node = node("mail", 1, "default", 2).start();
        long job = node.add("turn");
        node.wake();
        node.told.awaitParked(1);

        List<QueueStatus> status = node.queues().status();

        assertThat(status).extracting(QueueStatus::queue).containsExactly("default", "mail");
        assertThat(status.get(0).running()).containsExactly(job);
        assertThat(status.get(0).limit()).isEqualTo(2);
        assertThat(status.get(0).node()).isEqualTo("here");
        assertThat(status.get(0).uuid()).isEqualTo(node.producer);
        assertThat(status.get(0).stopping()).isFalse();
        assertThat(status.get(1).running()).isEmpty();
        assertThat(node.queues().loops()).allMatch(LoopStatus::turning);
    }

    @Test
    void the_event_of_a_start_carries_the_job_as_fetched() {
        TestNode node = node("default", 1).start();
        long id = node.add("ok");

        node.wake();

        Job job = node.events.await(JobStarted.class, 1).get(0).job();
        assertThat(job.id()).isEqualTo(id);
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(job.attemptedBy()).containsExactly("here", node.producer.toString());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
