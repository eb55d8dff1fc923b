package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kerrera.db.DatabaseException;
import dev.kerrera.engine.Rescuing;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.telemetry.JobFenced;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the table knows of the life of this node. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
class HeartTest {

    private static final Duration SILENCE = Duration.ofSeconds(45);

    private final TestSchema schema;
    private final TestNode node;
    private final RawJobs jobs;

    HeartTest(TestSchema schema) {
        this.schema = schema;
        node = new TestNode(schema, "default", 2, "mail", 7);
        jobs = node.jobs;
    }

    @AfterEach
    void end() throws Exception {
        node.close();
    }

    @Test
    void every_producer_stands_in_the_table_before_it_takes_a_job() {
        long job = node.add("ok");

        node.start();
        node.wake();

        await().until(() -> jobs.state(job).equals("completed"));
        List<String> statements = node.database.statements("");
        assertThat(statements.stream().filter(sql -> sql.contains("oban_jobs") || sql.contains("kerrera_producers")))
                .first()
                .asString()
                .startsWith("INSERT INTO ")
                .contains("kerrera_producers");
        assertThat(jobs.query("SELECT concat_ws(' ', name, node, queue, running_limit)"
                        + " FROM ${schema}.kerrera_producers ORDER BY queue"))
                .containsExactly(node.settings.name() + " here default 2", node.settings.name() + " here mail 7");
        assertThat(jobs.query("SELECT uuid FROM ${schema}.kerrera_producers WHERE queue = 'default'"))
                .containsExactly(node.producer.toString());
    }

    @Test
    void no_job_is_taken_while_the_first_sign_of_life_is_under_way() throws Exception {
        long job = node.add("ok");
        CountDownLatch hanging = new CountDownLatch(1);
        node.database.hang("kerrera_producers", hanging);

        Future<?> start = node.threads.submit(() -> node.queues().start(node.timer));
        await().until(() -> !node.database.statements("kerrera_producers").isEmpty());
        node.wake();
        assertThat(start).isNotDone();
        assertThat(node.handedOver).hasValue(0);
        hanging.countDown();

        start.get(20, TimeUnit.SECONDS);
        await().until(() -> jobs.state(job).equals("completed"));
    }

    @Test
    void without_a_first_sign_of_life_nothing_starts_and_another_start_may_follow() {
        long job = node.add("ok");
        node.database.fail("kerrera_producers", 1);

        assertThatThrownBy(() -> node.queues().start(node.timer)).isInstanceOf(DatabaseException.class);
        node.wake();
        assertThat(node.handedOver).hasValue(0);
        assertThat(jobs.state(job)).isEqualTo("available");

        node.start();
        node.wake();
        await().until(() -> jobs.state(job).equals("completed"));
        assertThat(producers()).hasSize(2);
    }

    @Test
    void the_sign_of_life_is_renewed_and_an_outage_passes() {
        node.settings = TestSettings.of(
                schema.name(), "kerrera.lifeline.interval", "20ms", "kerrera.lifeline.rescue-after", "1s");
        node.start();
        jobs.run("UPDATE ${schema}.kerrera_producers SET seen_at = '2020-01-01'");
        await().until(() -> seenLately() == 2);

        node.database.fail("kerrera_producers", 3);
        jobs.run("UPDATE ${schema}.kerrera_producers SET seen_at = '2020-01-01'");

        await().until(() -> seenLately() == 2);
        assertThat(node.queues().loops()).extracting(LoopStatus::name).contains("The heartbeat");
    }

    @Test
    void a_row_that_was_lost_comes_back() {
        node.settings = TestSettings.of(
                schema.name(), "kerrera.lifeline.interval", "20ms", "kerrera.lifeline.rescue-after", "1s");
        node.start();

        jobs.run("DELETE FROM ${schema}.kerrera_producers");

        await().until(() -> producers().size() == 2);
    }

    @Test
    void a_stop_takes_the_rows_away() {
        node.start();

        node.queues().stop(Duration.ofSeconds(10));

        assertThat(producers()).isEmpty();
    }

    @Test
    void a_stop_that_leaves_a_job_running_leaves_the_row_of_its_producer() throws Exception {
        node.start();
        long job = node.add("stubborn");
        node.wake();
        node.told.awaitParked(1);

        node.queues().stop(Duration.ZERO);

        assertThat(jobs.state(job)).isEqualTo("executing");
        assertThat(producers()).containsExactly(node.producer);
    }

    @Test
    void a_stop_without_a_database_ends_and_the_rows_stay() {
        node.start();
        node.database.refuseConnections(1_000_000);

        node.queues().stop(Duration.ofSeconds(10));

        assertThat(producers()).hasSize(2);
    }

    @Test
    void a_node_that_was_taken_for_dead_is_fenced_and_its_worker_interrupted() throws Exception {
        node.pollInterval = Duration.ofMillis(100);
        node.start();
        long job = node.add("park", "", "(queue) VALUES ('default')");
        node.wake();
        node.told.awaitParked(1);
        jobs.change(job, "queue = 'elsewhere'");
        jobs.run("UPDATE ${schema}.kerrera_producers SET seen_at = seen_at - interval '50 s'");

        new Rescuing(node.jdbc, node.settings.prefix(), node.clock).rescue(SILENCE, 3);

        assertThat(node.events.awaitOne(JobFenced.class).job().id()).isEqualTo(job);
        assertThat(jobs.row(job))
                .containsEntry("state", "available")
                .containsEntry("attempt", "1")
                .containsEntry("meta", "{\"deaths\": 1}");
        assertThat(jobs.count("cardinality(errors) = 1")).isEqualTo(1);
        assertThat(node.events.of(JobStopped.class)).isEmpty();
    }

    private List<UUID> producers() {
        return jobs.query("SELECT uuid FROM ${schema}.kerrera_producers ORDER BY queue").stream()
                .map(UUID::fromString)
                .toList();
    }

    private int seenLately() {
        return jobs.query("SELECT uuid FROM ${schema}.kerrera_producers WHERE seen_at > '2025-01-01'")
                .size();
    }
}
