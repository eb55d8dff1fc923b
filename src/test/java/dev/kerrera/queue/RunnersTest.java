package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.ResultSettings;
import dev.kerrera.job.JobState;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.TestSchema;
import java.util.concurrent.CountDownLatch;
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
        assertThat(node.database.statements("SKIP LOCKED")).hasSizeLessThan(MANY / 5);
        assertThat(node.database.statements("'completed'")).hasSizeLessThan(MANY / 2);
        assertThat(node.handedOver.get() - before).isLessThan(MANY);
        await().until(() -> node.running().isEmpty());
    }

    @Test
    void a_completed_job_that_is_not_kept_counts_as_completed_although_the_answer_was_lost() {
        node.kept = new ResultSettings(true, true);
        node.database.loseAnswers("DELETE FROM", 1);
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
            two.database.hang("SKIP LOCKED", held);
            two.wake();
            await().until(() -> two.database.statements("SKIP LOCKED").size() == 1);
            long first = two.add("ok", "", "(queue, priority) VALUES ('mail', 1)");
            long second = two.add("ok", "", "(queue) VALUES ('mail')");
            long other = two.add("ok");
            two.wake("mail");
            held.countDown();

            await().until(() -> two.jobs.count("state = 'completed'") == 3);
            assertThat(two.jobs.query("SELECT attempted_by::text FROM ${schema}.oban_jobs WHERE id = " + other))
                    .containsExactly(two.attemptedBy());
            assertThat(two.told.performed).contains(other).containsSubsequence(second, first);
        } finally {
            two.close();
        }
    }
}
