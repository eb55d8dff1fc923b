package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Jobs are taken only by a node that the table knows to live. */
@ExtendWith(PooledSchema.class)
class IntakeTest {

    private static final String BEAT = "INSERT INTO";

    private final TestNode node;

    IntakeTest(TestSchema schema) {
        node = new TestNode(schema, "default", 1);
        node.settings = TestSettings.of(
                schema.name(), "kerrera.lifeline.interval", "1h", "kerrera.lifeline.rescue-after", "3h");
    }

    @AfterEach
    void end() throws Exception {
        node.close();
    }

    @Test
    void a_fresh_sign_of_life_is_not_repeated_for_each_job() {
        node.start();
        long job = node.add("ok");
        node.wake();

        await().until(() -> node.jobs.state(job).equals("completed"));
        assertThat(node.database.statements(BEAT))
                .as("at the start and by the first turn")
                .hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void a_sign_that_is_too_old_is_renewed_before_jobs_are_taken() {
        node.settings = TestSettings.of(
                node.settings.prefix().name(),
                "kerrera.lifeline.interval",
                "10ms",
                "kerrera.lifeline.rescue-after",
                "20ms");
        node.start();
        node.database.fail(BEAT, 1_000);
        await().until(() -> node.database.statements(BEAT).size() > 5);
        long job = node.add("ok");
        node.wake();
        await().until(() -> node.database.statements(BEAT).size() > 15);
        assertThat(node.jobs.state(job)).isEqualTo("available");

        node.database.recover();
        await().until(() -> {
            node.wake();
            return node.jobs.state(job).equals("completed");
        });
    }
}
