package dev.kerrera.queue;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.telemetry.JobReleased;
import dev.kerrera.telemetry.JobStuck;
import dev.kerrera.telemetry.QueueStopped;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues that are stopped by a signal as an Elixir node sends it, and what is ordered meanwhile. */
@Timeout(90)
@ExtendWith(PooledSchema.class)
class StopSignalTest {

    private static final String OWN = "Kerrera.here";

    private final TestSchema schema;
    private final TestNode node;
    private final RawJobs jobs;

    StopSignalTest(TestSchema schema) {
        this.schema = schema;
        node = new TestNode(schema, "default", 2, "mail", 1);
        jobs = node.jobs;
    }

    @AfterEach
    void end() throws Exception {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"any", OWN})
    void a_stopped_queue_is_gone_and_told_of(String ident) {
        node.start();

        node.signal("{'action':'stop','ident':'%s','queue':'default'}", ident);

        await().until(() -> node.queues().status().size() == 1);
        assertThat(node.events.awaitOne(QueueStopped.class).queue()).isEqualTo("default");
        await().until(() -> node.producers().equals(List.of("mail 1 f")));
        long job = node.add("ok");
        int before = node.handedOver.get();
        node.wake();
        assertThat(node.handedOver).hasValue(before);
        long mail = node.add("ok", "", "(queue) VALUES ('mail')");
        node.signal("{}");
        await().until(() -> jobs.state(mail).equals("completed"));
        assertThat(jobs.state(job)).isEqualTo("available");
    }

    @Test
    void what_is_ordered_after_a_stop_and_a_start_is_for_the_new_producer_and_what_was_before_is_not()
            throws Exception {
        node.start();
        node.park("turn");
        node.signal("{'action':'pause','ident':'any','queue':'default'}");
        node.signal("{'action':'stop','ident':'any','queue':'default'}");
        node.signal("{'action':'scale','ident':'any','limit':8,'queue':'default'}");
        node.signal("{'action':'start','ident':'any','limit':4,'queue':'default'}");
        node.signal("{'action':'pause','ident':'any','queue':'mail'}");
        await().until(() -> node.status("default").stopping());
        node.told.release(1);
        node.awaitTurns();
        assertThat(node.status("default").limit()).isEqualTo(4);
        assertThat(node.paused()).containsExactly(false, true);

        node.park("turn");
        node.signal("{'action':'stop','ident':'any','queue':'default'}");
        node.signal("{'action':'start','ident':'any','limit':4,'queue':'default'}");
        node.signal("{'action':'scale','ident':'any','limit':9,'queue':'default'}");
        node.signal("{'action':'pause','ident':'any','queue':'default'}");
        node.signal("{'action':'resume','ident':'any','queue':'*'}");
        await().until(() -> node.status("default").stopping());
        node.told.release(1);
        node.awaitTurns();
        assertThat(node.status("default").limit()).isEqualTo(9);
        assertThat(node.paused()).containsExactly(false, false);
    }

    @Test
    void a_queue_started_again_has_a_new_identity_and_what_it_was_told_is_forgotten() {
        node.start();
        UUID first = node.status("default").uuid();
        node.signal("{'action':'pause','ident':'any','queue':'default'}");

        node.signal("{'action':'stop','ident':'any','queue':'default'}");
        node.signal("{'action':'start','ident':'any','limit':4,'queue':'default'}");

        await().until(() -> node.queues().status().stream()
                .anyMatch(status ->
                        status.queue().equals("default") && !status.uuid().equals(first)));
        assertThat(node.status("default").limit()).isEqualTo(4);
        assertThat(node.status("default").paused()).isFalse();
        long job = node.add("ok");
        node.wake();
        await().until(() -> jobs.state(job).equals("completed"));
        assertThat(node.producers()).containsExactly("default 4 f", "mail 1 f");
    }

    @Test
    void a_stop_gives_a_long_job_its_grace_and_then_back_with_its_attempt() throws Exception {
        node.settings = TestSettings.of(schema.name(), "kerrera.shutdown-grace-period", "300ms");
        node.start();
        long kept = node.park("turn");
        long given = node.park("park");

        node.signal("{'action':'stop','ident':'any','queue':'default'}");
        await().until(() -> node.status("default").stopping());
        assertThat(node.status("default").paused()).isTrue();
        assertThat(node.status("default").shutdownStartedAt()).isNotNull();
        node.told.release(1);

        assertThat(node.events.awaitOne(JobReleased.class).job().id()).isEqualTo(given);
        QueueStopped stopped = node.events.awaitOne(QueueStopped.class);
        assertThat(stopped.orphaned()).isEmpty();
        assertThat(stopped.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(jobs.state(kept)).isEqualTo("completed");
        assertThat(jobs.row(given)).containsEntry("state", "available").containsEntry("attempt", "0");
        await().until(() -> node.producers().equals(List.of("mail 1 f")));
    }

    @Test
    void a_stop_holds_up_neither_who_tells_it_nor_other_queues() throws Exception {
        node.start();
        long job = node.park("turn");

        node.signal("{'action':'stop','ident':'any','queue':'default'}");
        node.signal("{'action':'start','ident':'any','limit':1,'queue':'default'}");
        node.signal("{'action':'scale','ident':'any','limit':3,'queue':'mail'}");
        node.signal("{'action':'start','ident':'any','limit':1,'queue':'extra'}");

        await().until(() -> node.queues().status().size() == 3);
        assertThat(node.status("mail").limit()).isEqualTo(3);
        assertThat(node.status("default").stopping()).isTrue();
        node.told.release(1);
        await().until(() -> jobs.state(job).equals("completed"));
        await().until(() ->
                node.queues().status().size() == 3 && !node.status("default").stopping());
        assertThat(node.status("default").limit()).isEqualTo(1);
    }

    @Test
    void a_stubborn_job_of_a_stopped_queue_is_reported_and_its_producer_stays_listed() throws Exception {
        node.settings = TestSettings.of(schema.name(), "kerrera.shutdown-grace-period", "0s");
        node.start();
        long job = node.park("stubborn");

        node.signal("{'action':'stop','ident':'any','queue':'default'}");

        assertThat(node.events.awaitOne(QueueStopped.class).orphaned()).containsExactly(job);
        assertThat(jobs.state(job)).isEqualTo("executing");
        assertThat(node.producers()).containsExactly("default 2 f", "mail 1 f");
    }

    @Test
    void while_its_node_lives_a_stubborn_job_of_a_stopped_queue_is_nobodys_orphan_and_loses_its_run_like_any_other()
            throws Exception {
        node.settings = TestSettings.of(
                schema.name(), "kerrera.shutdown-grace-period", "0s", "kerrera.lifeline.interval", "50ms");
        node.pollInterval = Duration.ofMillis(100);
        node.interruptGrace = Duration.ofMillis(100);
        node.start();
        long job = node.park("stubborn");
        node.signal("{'action':'stop','ident':'any','queue':'default'}");
        node.events.awaitOne(QueueStopped.class);

        jobs.run("UPDATE ${schema}.kerrera_producers SET seen_at = '2026-01-01'");
        await().until(() -> jobs.query("SELECT uuid FROM ${schema}.kerrera_producers WHERE seen_at > '2026-02-01'")
                        .size()
                == 2);

        jobs.change(job, "state = 'cancelled', cancelled_at = timezone('UTC', now())");
        assertThat(node.events.awaitOne(JobStuck.class).job().id()).isEqualTo(job);
    }

    @Test
    void a_node_that_stops_while_a_queue_does_reports_that_queue_once() throws Exception {
        node.start();
        node.park("turn");
        node.signal("{'action':'stop','ident':'any','queue':'default'}");
        await().until(() -> node.status("default").stopping());

        Future<?> stop = node.threads.submit(() -> node.queues().stop(Duration.ofSeconds(30)));
        node.told.release(1);
        stop.get(20, SECONDS);

        await().until(() -> node.events.of(QueueStopped.class).size() == 2);
        assertThat(node.events.of(QueueStopped.class))
                .extracting(QueueStopped::queue)
                .containsExactlyInAnyOrder("default", "mail");
    }
}
