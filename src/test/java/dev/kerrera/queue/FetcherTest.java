package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.time.Duration;
import java.util.logging.Level;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Jobs that the database does not let be taken. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
class FetcherTest {

    private final TestNode node;
    private final RawJobs jobs;

    FetcherTest(TestSchema schema) {
        node = new TestNode(schema, "default", 5);
        node.pollInterval = Duration.ofMillis(100);
        jobs = node.jobs;
        jobs.run("""
                CREATE FUNCTION ${schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
                    RAISE EXCEPTION 'deliberate';
                END$$""");
        jobs.run("""
                CREATE TRIGGER refuse BEFORE UPDATE ON ${schema}.oban_jobs FOR EACH ROW
                WHEN (NEW.args ->> 'text' = 'bad' AND NEW.state = 'executing') EXECUTE FUNCTION ${schema}.refuse()""");
    }

    @AfterEach
    void end() throws Exception {
        node.close();
        letEverythingPass();
    }

    private void letEverythingPass() {
        jobs.run("DROP FUNCTION IF EXISTS ${schema}.refuse() CASCADE");
    }

    @Test
    void a_job_that_cannot_be_taken_is_passed_over_and_named_once_and_taken_when_it_can_be() {
        try (CapturedLog log = CapturedLog.of(Obstacles.class)) {
            long first = node.add("ok", "bad");
            add(12);
            long second = node.add("ok", "bad");
            add(12);

            node.start();

            await().until(() -> jobs.count("state = 'completed'") == 24);
            long later = node.add("ok");
            node.wake();
            await().until(() -> jobs.state(later).equals("completed"));
            assertThat(jobs.count("state = 'available' AND attempt = 0")).isEqualTo(2);
            await("each is named").until(() -> log.messages(Level.WARNING).size() >= 2);
            assertThat(log.messages(Level.WARNING))
                    .hasSize(2)
                    .allMatch(message -> message.contains("mend or cancel it") && message.contains("deliberate"))
                    .anyMatch(message -> message.startsWith("Job %d of queue default is passed over".formatted(first)))
                    .anyMatch(
                            message -> message.startsWith("Job %d of queue default is passed over".formatted(second)));
        }
        letEverythingPass();
        await().until(() -> jobs.count("state = 'completed' AND attempt = 1") == 27);
    }

    @Test
    void a_job_that_comes_before_one_that_cannot_be_taken_is_found() {
        node.add("ok", "bad", "(queue, priority) VALUES ('default', 3)");
        add(3);
        node.start();
        await().until(() -> jobs.count("state = 'completed'") == 3);

        long urgent = node.add("ok", "", "(queue, priority) VALUES ('default', 1)");
        node.wake();

        await().until(() -> jobs.state(urgent).equals("completed"));
    }

    @Test
    void one_in_a_queue_without_others_is_tried_again_once_a_second_or_so() {
        node.pollInterval = Duration.ofSeconds(1);
        node.add("ok", "bad");
        node.start();
        await().until(() -> node.database.statements("kerrera_fetch").size() >= 4);
        int before = node.database.statements("kerrera_fetch").size();
        long since = System.nanoTime();

        await().until(() -> System.nanoTime() - since > Duration.ofSeconds(3).toNanos());

        assertThat(node.database.statements("kerrera_fetch").size() - before)
                .as("fetches in three seconds or four")
                .isBetween(2, 30);
    }

    @Test
    void many_in_a_row_are_all_passed() {
        for (int i = 0; i < 30; i++) {
            node.add("ok", "bad");
        }
        long good = node.add("ok");
        node.start();

        await().until(() -> jobs.state(good).equals("completed"));
    }

    @Test
    void places_that_one_has_left_free_are_filled_at_once() throws Exception {
        node.pollInterval = TestNode.NO_POLLING;
        for (int i = 0; i < 2; i++) {
            node.add("turn");
        }
        node.add("ok", "bad");
        for (int i = 0; i < 3; i++) {
            node.add("turn");
        }
        node.start();
        node.wake();

        node.told.awaitParked(5);
        node.told.release(5);
    }

    private void add(int many) {
        IntStream.range(0, many).forEach(job -> node.add("ok"));
    }
}
