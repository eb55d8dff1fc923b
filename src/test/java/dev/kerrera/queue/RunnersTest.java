package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.ResultSettings;
import dev.kerrera.job.JobState;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.TestSchema;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many jobs at once: the threads they get, the fetches that take them, the statements that complete them. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
class RunnersTest {

    private static final int MANY = 400;

    private final TestSchema schema;
    private final TestNode node;

    RunnersTest(TestSchema schema) {
        this.schema = schema;
        node = new TestNode(schema, "default", 40);
    }

    @AfterEach
    void end() throws Exception {
        node.close();
    }

    private void add(String act, int count) {
        for (int i = 0; i < count; i++) {
            node.add(act);
        }
    }

    private void awaitCompleted(long count) {
        await().until(() -> node.jobs.count("state = 'completed'") == count);
    }

    @Test
    void jobs_that_block_get_a_thread_each() throws InterruptedException {
        add("turn", 40);
        node.start();

        node.told.awaitParked(40);

        assertThat(node.told.inside.get()).isEqualTo(40);
        node.told.release(40);
        awaitCompleted(40);
    }

    @Test
    void short_jobs_share_threads_fetches_and_statements() {
        add("ok", MANY);
        node.start();
        int before = node.handedOver.get();

        awaitCompleted(MANY);

        assertThat(node.told.performed).hasSize(MANY).doesNotHaveDuplicates();
        assertThat(node.database.statements("kerrera_fetch")).hasSizeLessThan(MANY / 5);
        assertThat(node.database.statements("kerrera_complete")).hasSizeLessThan(MANY / 2);
        assertThat(node.handedOver.get() - before).isLessThan(MANY);
        await().until(() -> node.running().isEmpty());
    }

    @Test
    void a_completed_job_that_is_not_kept_counts_as_completed_although_the_answer_was_lost() {
        node.kept = new ResultSettings(true, true);
        node.database.loseAnswers("kerrera_complete", 1);
        node.add("ok");
        node.start();

        assertThat(node.events.awaitOne(JobStopped.class).state()).isEqualTo(JobState.COMPLETED);
        assertThat(node.jobs.count("true")).isZero();
    }

    @Test
    void producers_that_want_jobs_at_the_same_time_share_a_fetch() throws Exception {
        TestNode two = new TestNode(schema, "default", 1, "mail", 3);
        CountDownLatch held = new CountDownLatch(1);
        try {
            two.start();
            two.database.hang("kerrera_fetch", held);
            two.wake();
            await().until(() -> two.database.statements("kerrera_fetch").size() == 1);
            long first = two.add("ok", "", "(queue, priority) VALUES ('mail', 1)");
            long second = two.add("ok", "", "(queue) VALUES ('mail')");
            long other = two.add("ok");
            two.wake("mail");
            held.countDown();

            await().until(() -> two.jobs.count("state = 'completed'") == 3);
            assertThat(two.jobs.query("SELECT attempted_by::text FROM ${schema}.oban_jobs WHERE id = " + other))
                    .containsExactly(two.attemptedBy());
            assertThat(two.told.performed).containsExactlyInAnyOrder(first, second, other);
        } finally {
            two.close();
        }
    }

    @Test
    void a_job_that_is_alone_is_run_by_the_thread_that_fetched_it() {
        AtomicInteger further = new AtomicInteger();
        node.executor = task -> {
            if (task instanceof Runners.Turn) {
                further.incrementAndGet();
            }
            node.threads.execute(task);
        };
        node.start();

        for (int i = 1; i <= 5; i++) {
            node.add("ok");
            node.wake();
            awaitCompleted(i);
        }

        assertThat(further).hasValue(0);
    }

    @Test
    void a_thread_that_was_promised_and_never_comes_is_called_again() throws InterruptedException {
        AtomicBoolean dropped = new AtomicBoolean();
        node.executor = task -> {
            if (!(task instanceof Runners.Turn) || dropped.getAndSet(true)) {
                node.threads.execute(task);
            }
        };
        assertThatOthersNeedNotWaitForOneThatBlocks();
        assertThat(dropped).isTrue();
    }

    @Test
    void a_thread_that_was_refused_is_asked_for_again() throws InterruptedException {
        AtomicBoolean refused = new AtomicBoolean();
        node.executor = task -> {
            if (task instanceof Runners.Turn && !refused.getAndSet(true)) {
                throw new RejectedExecutionException("deliberate");
            }
            node.threads.execute(task);
        };
        assertThatOthersNeedNotWaitForOneThatBlocks();
        assertThat(refused).isTrue();
    }

    private void assertThatOthersNeedNotWaitForOneThatBlocks() throws InterruptedException {
        node.pollInterval = Duration.ofMillis(50);
        add("turn", 1);
        add("ok", 39);
        node.start();

        node.told.awaitParked(1);
        awaitCompleted(39);
        assertThat(node.told.inside).hasValue(1);
        node.told.release(1);
        awaitCompleted(40);
    }

    @Test
    void a_completion_that_hangs_holds_up_no_other_for_long() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        node.pollInterval = Duration.ofMillis(50);
        node.start();
        node.database.hang("kerrera_complete", held);
        long hanging = node.add("ok");
        await().until(() -> node.database.statements("kerrera_complete").size() == 1);
        node.database.letPass("kerrera_complete");
        long other = node.add("ok");

        await().until(() -> node.jobs.state(other).equals("completed"));

        assertThat(node.jobs.state(hanging)).isEqualTo("executing");
        held.countDown();
        await().until(() -> node.jobs.state(hanging).equals("completed"));
    }

    @Test
    void a_queue_whose_fetch_is_held_up_or_refused_keeps_no_other_from_its_jobs() throws Exception {
        TestNode two = new TestNode(schema, "default", 5, "mail", 5);
        two.pollInterval = Duration.ofMillis(50);
        two.jobs.run("""
                CREATE FUNCTION ${schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
                    IF NEW.args ->> 'text' = 'held' THEN
                        PERFORM pg_advisory_xact_lock(%d);
                    END IF;
                    RAISE EXCEPTION 'deliberate';
                END$$""".formatted(schema.name().hashCode()));
        two.jobs.run("""
                CREATE TRIGGER refuse BEFORE UPDATE ON ${schema}.oban_jobs FOR EACH ROW
                WHEN (NEW.queue = 'default' AND NEW.state = 'executing') EXECUTE FUNCTION ${schema}.refuse()""");
        try (Connection holder = schema.dataSource().getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute(
                    "SELECT pg_advisory_xact_lock(%d)".formatted(schema.name().hashCode()));
            two.add("ok", "held");
            two.start();
            for (int i = 0; i < 5; i++) {
                long mail = two.add("ok", "", "(queue) VALUES ('mail')");
                await().until(() -> two.jobs.state(mail).equals("completed"));
            }
            holder.rollback();
            for (int i = 0; i < 5; i++) {
                long mail = two.add("ok", "", "(queue) VALUES ('mail')");
                await().until(() -> two.jobs.state(mail).equals("completed"));
            }
            assertThat(two.jobs.count("queue = 'default' AND state = 'available'"))
                    .isEqualTo(1);
        } finally {
            two.close();
            two.jobs.run("DROP FUNCTION ${schema}.refuse() CASCADE");
        }
    }
}
