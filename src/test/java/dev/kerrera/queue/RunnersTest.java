package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.TestSchema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many jobs at once: the threads they get, the fetches that take them, the statements that complete them. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
class RunnersTest {

    private static final int MANY = 400;

    private final TestNode node;

    RunnersTest(TestSchema schema) {
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
}
