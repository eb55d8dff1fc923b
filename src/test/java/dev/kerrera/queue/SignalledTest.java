package dev.kerrera.queue;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.QueueSettings;
import dev.kerrera.telemetry.JobReleased;
import dev.kerrera.telemetry.QueueStopped;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the queues of a node do when they hear signals as an Elixir node sends them. */
@Timeout(90)
@ExtendWith(PooledSchema.class)
class SignalledTest {

    private static final String OWN = "Kerrera.here";

    private final TestSchema schema;
    private final TestNode node;
    private final RawJobs jobs;

    SignalledTest(TestSchema schema) {
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
    void a_paused_queue_takes_no_jobs_until_it_is_resumed(String ident) {
        node.start();

        hear("{'action':'pause','ident':'%s','queue':'default'}", ident);
        assertThat(paused()).containsExactly(true, false);
        long job = node.add("ok");
        long mail = node.add("ok", "", "(queue) VALUES ('mail')");
        node.wake();
        node.wake("mail");
        await().until(() -> jobs.state(mail).equals("completed"));
        assertThat(jobs.state(job)).isEqualTo("available");

        hear("{'action':'resume','ident':'%s','queue':'default'}", ident);
        await().until(() -> jobs.state(job).equals("completed"));
        assertThat(paused()).containsExactly(false, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"any", OWN})
    void a_star_means_every_queue(String ident) {
        node.start();

        hear("{'action':'pause','ident':'%s','queue':'*'}", ident);
        assertThat(paused()).containsExactly(true, true);

        hear("{'action':'resume','ident':'%s','queue':'*'}", ident);
        assertThat(paused()).containsExactly(false, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'action':'pause','ident':'Kerrera.there','queue':'default'}",
                "{'action':'pause','ident':'Oban.here','queue':'*'}",
                "{'action':'pause','ident':'any','queue':'other'}",
                "{'action':'pause','ident':7,'queue':'default'}",
                "{'action':'stop','ident':'Kerrera.there','queue':'default'}",
                "{'action':'stop','ident':'any','queue':'*'}",
                "{'action':'scale','ident':'any','queue':'*','limit':9}",
                "{'action':'scale','ident':'any','queue':'default','limit':'9'}",
                "{'action':'scale','ident':'any','queue':'default'}",
                "{'action':'start','ident':'any','queue':'default','limit':9}",
                "{'action':'start','ident':'any','queue':'new','limit':9.5}",
                "{'action':'start','ident':'any','queue':'new'}",
                "{'action':'dance','ident':'any','queue':'default','limit':9}",
                "{}",
                "nonsense"
            })
    void what_is_meant_for_others_or_makes_no_sense_changes_nothing(String message) {
        node.start();
        List<QueueStatus> before = node.queues().status();

        hear(message);
        node.awaitTurns();

        long job = node.add("ok");
        node.wake();
        await().until(() -> jobs.state(job).equals("completed"));
        assertThat(node.queues().status())
                .usingRecursiveComparison()
                .ignoringFields("running", "updatedAt")
                .isEqualTo(before);
    }

    @Test
    void a_signal_that_cannot_be_obeyed_is_told_in_the_log() {
        try (CapturedLog log = CapturedLog.of(Ears.class)) {
            node.start();

            hear("{'action':'scale','ident':'any','queue':'default','limit':'9'}");
            hear("{'action':'dance','ident':'any','queue':'default'}");

            assertThat(log.messages(Level.WARNING))
                    .containsExactly(
                            "The signal {\"action\":\"scale\",\"ident\":\"any\",\"queue\":\"default\",\"limit\":\"9\"}"
                                    + " is ignored: its limit is not a whole number of at least 1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'action':'resume','ident':'any','queue':'other'}",
                "{'action':'scale','ident':'any','queue':'default','limit':-1}",
                "{'action':'pkill','job_id':4711}",
                "{'action':'dance'}",
                "{}"
            })
    void every_signal_makes_every_queue_look_for_jobs_whatever_it_says(String message) {
        node.start();
        long job = node.add("ok");
        long mail = node.add("ok", "", "(queue) VALUES ('mail')");

        hear(message);

        await().until(() -> jobs.count("state = 'completed'") == 2);
        assertThat(List.of(job, mail)).containsExactlyInAnyOrderElementsOf(node.told.performed);
    }

    @Test
    void a_pause_lets_running_jobs_go_on() throws Exception {
        node.start();
        long job = park("turn");

        hear("{'action':'pause','ident':'any','queue':'default'}");
        node.told.release(1);

        await().until(() -> jobs.state(job).equals("completed"));
    }

    @Test
    void what_a_fetch_under_way_takes_when_the_queue_is_paused_is_run_and_nothing_after_it() {
        node.start();
        CountDownLatch fetching = new CountDownLatch(1);
        node.database.hang("kerrera_fetch", fetching);
        long taken = node.add("ok");
        node.wake();
        await().until(() -> !node.database.statements("kerrera_fetch").isEmpty());

        hear("{'action':'pause','ident':'any','queue':'default'}");
        fetching.countDown();

        await().until(() -> jobs.state(taken).equals("completed"));
        await().until(() -> node.running().isEmpty());
        long later = node.add("ok");
        int before = node.handedOver.get();
        node.wake();
        node.notifier.listening();
        assertThat(node.handedOver).hasValue(before + 1); // the other queue
        assertThat(jobs.state(later)).isEqualTo("available");
    }

    @Test
    void the_poll_does_not_ask_for_paused_queues() {
        node.pollInterval = Duration.ofMillis(10);
        node.start();
        hear("{'action':'pause','ident':'any','queue':'*'}");
        long turns = node.timer.getCompletedTaskCount();
        await().until(() -> node.timer.getCompletedTaskCount() > turns + 2);
        int before = node.database.statements("EXISTS").size();
        long later = node.timer.getCompletedTaskCount();

        await().until(() -> node.timer.getCompletedTaskCount() > later + 5);

        assertThat(node.database.statements("EXISTS")).hasSize(before);
    }

    @Test
    void scaling_up_fills_the_new_places_at_once_and_scaling_down_lets_jobs_end() throws Exception {
        node.start();
        for (int i = 0; i < 8; i++) {
            node.add("turn");
        }
        node.wake();
        node.told.awaitParked(2);

        hear("{'action':'scale','ident':'any','limit':5,'queue':'default'}");
        node.told.awaitParked(3);
        assertThat(node.running()).hasSize(5);
        assertThat(node.status("default").limit()).isEqualTo(5);

        hear("{'action':'scale','ident':'any','limit':1,'node':'here','queue':'default','local_only':true}");
        assertThat(node.running()).hasSize(5);
        node.told.release(4);
        await().until(() -> node.running().size() == 1);
        assertThat(jobs.count("state = 'available'")).isEqualTo(3);
        node.wake();
        node.told.release(1);
        node.told.awaitParked(1);
        assertThat(node.running()).hasSize(1);
        node.told.release(10);
        await().until(() -> jobs.count("state = 'completed'") == 8);
        assertThat(node.told.most).hasValue(5);
    }

    @Test
    void what_a_queue_is_told_soon_stands_in_the_table() {
        node.start();

        hear("{'action':'scale','ident':'any','limit':7,'queue':'default'}");
        hear("{'action':'pause','ident':'any','queue':'mail'}");

        await().until(() -> producers().equals(List.of("default 7 f", "mail 1 t")));
        hear("{'action':'resume','ident':'any','queue':'mail'}");
        await().until(() -> producers().equals(List.of("default 7 f", "mail 1 f")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"any", OWN})
    void a_queue_that_was_not_configured_is_started(String ident) {
        node.start();
        long job = node.add("ok", "", "(queue) VALUES ('extra')");

        hear("{'action':'start','ident':'%s','limit':3,'queue':'extra'}", ident);

        await().until(() -> jobs.state(job).equals("completed"));
        QueueStatus extra = node.status("extra");
        assertThat(extra.limit()).isEqualTo(3);
        assertThat(producers()).contains("extra 3 f");
        assertThat(jobs.row(job)).containsEntry("attempted_by", "{here," + extra.uuid() + "}");
    }

    @Test
    void a_queue_is_known_to_live_before_it_takes_a_job() {
        node.start();
        node.database.fail("kerrera_producers", 1);

        hear("{'action':'start','ident':'any','limit':3,'queue':'extra'}");
        await().until(() -> node.database.statements("kerrera_producers").size() > 2);
        hear("{'action':'stop','ident':'any','queue':'extra'}");
        hear("{'action':'start','ident':'any','limit':3,'queue':'extra'}");

        await().until(() -> node.queues().status().size() == 3);
        assertThat(producers()).contains("extra 3 f");
    }

    @Test
    void a_queue_of_limit_0_is_started() {
        node.queueSettings.clear();
        node.settings = TestSettings.of(schema.name(), "kerrera.queues", "default:2,elsewhere:0");
        node.queueSettings.add(new QueueSettings("default", 2));
        node.start();
        long job = node.add("ok", "", "(queue) VALUES ('elsewhere')");

        hear("{'action':'start','ident':'any','limit':3,'paused':false,'refresh_interval':1000,'queue':'elsewhere'}");

        await().until(() -> jobs.state(job).equals("completed"));
    }

    @Test
    void a_queue_may_be_started_paused() {
        node.start();
        long job = node.add("ok", "", "(queue) VALUES ('extra')");

        hear("{'action':'start','ident':'any','limit':3,'paused':true,'dispatch_cooldown':5,'queue':'extra'}");
        await().until(() -> node.queues().status().size() == 3);
        assertThat(node.status("extra").paused()).isTrue();
        assertThat(producers()).contains("extra 3 t");
        node.awaitTurns();
        int before = node.handedOver.get();
        node.wake("extra");
        assertThat(node.handedOver).hasValue(before);
        assertThat(jobs.state(job)).isEqualTo("available");

        hear("{'action':'resume','ident':'any','queue':'extra'}");
        await().until(() -> jobs.state(job).equals("completed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"any", OWN})
    void a_stopped_queue_is_gone_and_told_of(String ident) {
        node.start();

        hear("{'action':'stop','ident':'%s','queue':'default'}", ident);

        await().until(() -> node.queues().status().size() == 1);
        assertThat(node.events.awaitOne(QueueStopped.class).queue()).isEqualTo("default");
        await().until(() -> producers().equals(List.of("mail 1 f")));
        long job = node.add("ok");
        int before = node.handedOver.get();
        node.wake();
        assertThat(node.handedOver).hasValue(before);
        long mail = node.add("ok", "", "(queue) VALUES ('mail')");
        hear("{}");
        await().until(() -> jobs.state(mail).equals("completed"));
        assertThat(jobs.state(job)).isEqualTo("available");
    }

    @Test
    void a_scale_may_pause_or_resume_as_well() {
        node.start();

        hear("{'action':'scale','ident':'any','limit':5,'paused':true,'queue':'default'}");
        assertThat(node.status("default").limit()).isEqualTo(5);
        assertThat(paused()).containsExactly(true, false);
        await().until(() -> producers().equals(List.of("default 5 t", "mail 1 f")));
        long job = node.add("ok");

        hear("{'action':'scale','ident':'any','limit':6,'paused':'no','queue':'default'}");
        assertThat(node.status("default").limit()).isEqualTo(6);
        assertThat(paused()).containsExactly(true, false);

        hear("{'action':'scale','ident':'any','limit':7,'paused':false,'queue':'default'}");
        await().until(() -> jobs.state(job).equals("completed"));
        assertThat(node.status("default").limit()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"extra", "*"})
    void a_pause_right_after_a_start_keeps_the_queue_from_taking_jobs(String queue) {
        node.start();
        long job = node.add("ok", "", "(queue) VALUES ('extra')");
        CountDownLatch starting = new CountDownLatch(1);
        node.database.hang("kerrera_queues", starting);

        hear("{'action':'start','ident':'any','limit':2,'queue':'extra'}");
        hear("{'action':'pause','ident':'any','queue':'%s'}", queue);
        hear("{'action':'scale','ident':'any','limit':5,'queue':'extra'}");
        int before = node.handedOver.get();
        starting.countDown();
        node.awaitTurns();

        assertThat(node.status("extra").paused()).isTrue();
        assertThat(node.status("extra").limit()).isEqualTo(5);
        assertThat(producers()).contains("extra 5 t");
        assertThat(node.handedOver).hasValue(before);
        assertThat(jobs.state(job)).isEqualTo("available");

        hear("{'action':'resume','ident':'any','queue':'%s'}", queue);
        await().until(() -> jobs.state(job).equals("completed"));
    }

    @Test
    void the_first_sign_of_life_tells_what_was_ordered_before_it() {
        node.start();
        CountDownLatch starting = new CountDownLatch(1);
        node.database.hang("kerrera_queues", starting);
        int signs = node.database.statements("INSERT INTO").size();

        hear("{'action':'start','ident':'any','limit':2,'queue':'extra'}");
        hear("{'action':'scale','ident':'any','limit':5,'paused':true,'queue':'extra'}");
        await().until(() -> node.database.statements("INSERT INTO").size() == signs + 1); // of the others
        starting.countDown();
        node.awaitTurns();

        assertThat(producers()).contains("extra 5 t");
        assertThat(node.database.statements("INSERT INTO")).hasSize(signs + 2);
    }

    @Test
    void what_is_ordered_while_the_first_sign_of_life_goes_out_is_not_lost() {
        node.start();
        CountDownLatch writing = new CountDownLatch(1);
        int signs = node.database.statements("INSERT INTO").size();
        node.database.hang("kerrera_producers", writing);

        hear("{'action':'start','ident':'any','limit':2,'queue':'extra'}");
        await().until(() -> node.database.statements("INSERT INTO").size() > signs);
        hear("{'action':'scale','ident':'any','limit':5,'paused':true,'queue':'extra'}");
        writing.countDown();
        node.awaitTurns();

        assertThat(node.status("extra").paused()).isTrue();
        assertThat(node.status("extra").limit()).isEqualTo(5);
        await().until(() -> producers().contains("extra 5 t"));
    }

    @Test
    void what_is_ordered_after_a_stop_and_a_start_is_for_the_new_producer_and_what_was_before_is_not()
            throws Exception {
        node.start();
        park("turn");
        hear("{'action':'pause','ident':'any','queue':'default'}");
        hear("{'action':'stop','ident':'any','queue':'default'}");
        hear("{'action':'scale','ident':'any','limit':8,'queue':'default'}");
        hear("{'action':'start','ident':'any','limit':4,'queue':'default'}");
        hear("{'action':'pause','ident':'any','queue':'mail'}");
        await().until(() -> node.status("default").stopping());
        node.told.release(1);
        node.awaitTurns();
        assertThat(node.status("default").limit()).isEqualTo(4);
        assertThat(paused()).containsExactly(false, true);

        park("turn");
        hear("{'action':'stop','ident':'any','queue':'default'}");
        hear("{'action':'start','ident':'any','limit':4,'queue':'default'}");
        hear("{'action':'scale','ident':'any','limit':9,'queue':'default'}");
        hear("{'action':'pause','ident':'any','queue':'default'}");
        hear("{'action':'resume','ident':'any','queue':'*'}");
        await().until(() -> node.status("default").stopping());
        node.told.release(1);
        node.awaitTurns();
        assertThat(node.status("default").limit()).isEqualTo(9);
        assertThat(paused()).containsExactly(false, false);
    }

    @Test
    void an_order_heard_twice_is_as_good_as_once() {
        try (CapturedLog log = CapturedLog.of(Producer.class)) {
            node.start();

            for (int i = 0; i < 2; i++) {
                hear("{'action':'scale','ident':'any','limit':5,'queue':'default'}");
                hear("{'action':'pause','ident':'any','queue':'default'}");
            }

            assertThat(node.status("default").limit()).isEqualTo(5);
            assertThat(paused()).containsExactly(true, false);
            assertThat(log.messages(Level.INFO))
                    .containsExactly("Queue default: running, limit 5", "Queue default: paused, limit 5");
        }
    }

    @Test
    void a_queue_started_again_has_a_new_identity_and_what_it_was_told_is_forgotten() {
        node.start();
        UUID first = node.status("default").uuid();
        hear("{'action':'pause','ident':'any','queue':'default'}");

        hear("{'action':'stop','ident':'any','queue':'default'}");
        hear("{'action':'start','ident':'any','limit':4,'queue':'default'}");

        await().until(() -> node.queues().status().stream()
                .anyMatch(status ->
                        status.queue().equals("default") && !status.uuid().equals(first)));
        assertThat(node.status("default").limit()).isEqualTo(4);
        assertThat(node.status("default").paused()).isFalse();
        long job = node.add("ok");
        node.wake();
        await().until(() -> jobs.state(job).equals("completed"));
        assertThat(producers()).containsExactly("default 4 f", "mail 1 f");
    }

    @Test
    void a_stop_gives_a_long_job_its_grace_and_then_back_with_its_attempt() throws Exception {
        node.settings = TestSettings.of(schema.name(), "kerrera.shutdown-grace-period", "300ms");
        node.start();
        long kept = park("turn");
        long given = park("park");

        hear("{'action':'stop','ident':'any','queue':'default'}");
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
        await().until(() -> producers().equals(List.of("mail 1 f")));
    }

    @Test
    void a_stop_holds_up_neither_who_tells_it_nor_other_queues() throws Exception {
        node.start();
        long job = park("turn");

        hear("{'action':'stop','ident':'any','queue':'default'}");
        hear("{'action':'start','ident':'any','limit':1,'queue':'default'}");
        hear("{'action':'scale','ident':'any','limit':3,'queue':'mail'}");
        hear("{'action':'start','ident':'any','limit':1,'queue':'extra'}");

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
        long job = park("stubborn");

        hear("{'action':'stop','ident':'any','queue':'default'}");

        assertThat(node.events.awaitOne(QueueStopped.class).orphaned()).containsExactly(job);
        assertThat(jobs.state(job)).isEqualTo("executing");
        assertThat(producers()).containsExactly("default 2 f", "mail 1 f");
    }

    @Test
    void a_node_that_stops_while_a_queue_does_reports_that_queue_once() throws Exception {
        node.start();
        park("turn");
        hear("{'action':'stop','ident':'any','queue':'default'}");
        await().until(() -> node.status("default").stopping());

        Future<?> stop = node.threads.submit(() -> node.queues().stop(Duration.ofSeconds(30)));
        node.told.release(1);
        stop.get(20, SECONDS);

        await().until(() -> node.events.of(QueueStopped.class).size() == 2);
        assertThat(node.events.of(QueueStopped.class))
                .extracting(QueueStopped::queue)
                .containsExactlyInAnyOrder("default", "mail");
    }

    @Test
    void a_node_that_has_stopped_starts_no_queue() {
        node.start();
        node.queues().stop(Duration.ofSeconds(10));

        hear("{'action':'start','ident':'any','limit':1,'queue':'extra'}");
        await().until(() -> node.database.statements("kerrera_queues").size() >= 2);

        await().until(() -> producers().isEmpty());
        assertThat(node.queues().status()).isEmpty();
    }

    @Test
    void a_configured_pause_holds_until_the_queue_is_resumed() {
        node.queueSettings.clear();
        node.queueSettings.add(new QueueSettings("default", 2, true, Duration.ZERO));
        node.start();
        long job = node.add("ok");
        node.wake();
        assertThat(node.handedOver).hasValue(0);

        hear("{'action':'resume','ident':'any','queue':'*'}");

        await().until(() -> jobs.state(job).equals("completed"));
    }

    @Test
    void triggers_within_the_cooldown_share_a_dispatch() {
        node.queueSettings.clear();
        node.queueSettings.add(new QueueSettings("default", 5, false, Duration.ofMillis(300)));
        node.start();
        long first = node.add("ok");
        long start = System.nanoTime();
        node.wake();
        await().pollInterval(Duration.ofMillis(5)).until(() -> jobs.state(first).equals("completed"));
        Duration taken = Duration.ofNanos(System.nanoTime() - start);

        long second = node.add("ok");
        for (int i = 0; i < 20; i++) {
            node.wake();
        }
        await().until(() -> jobs.state(second).equals("completed"));

        assertThat(taken).as("a quiet queue").isLessThan(Duration.ofSeconds(5));
        assertThat(node.database.statements("kerrera_fetch")).hasSizeBetween(2, 5);
    }

    private void hear(String message, Object... values) {
        node.hear(message.formatted(values).replace('\'', '"'));
    }

    private List<Boolean> paused() {
        return node.queues().status().stream().map(QueueStatus::paused).toList();
    }

    private List<String> producers() {
        return jobs.query("SELECT concat_ws(' ', queue, running_limit, paused)"
                + " FROM ${schema}.kerrera_producers ORDER BY queue");
    }

    private long park(String act) throws InterruptedException {
        long job = node.add(act);
        node.wake();
        node.told.awaitParked(1);
        return job;
    }
}
