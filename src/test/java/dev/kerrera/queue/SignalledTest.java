package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.QueueSettings;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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

        node.signal("{'action':'pause','ident':'%s','queue':'default'}", ident);
        assertThat(node.paused()).containsExactly(true, false);
        long job = node.add("ok");
        long mail = node.add("ok", "", "(queue) VALUES ('mail')");
        node.wake();
        node.wake("mail");
        await().until(() -> jobs.state(mail).equals("completed"));
        assertThat(jobs.state(job)).isEqualTo("available");

        node.signal("{'action':'resume','ident':'%s','queue':'default'}", ident);
        await().until(() -> jobs.state(job).equals("completed"));
        assertThat(node.paused()).containsExactly(false, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"any", OWN})
    void a_star_means_every_queue(String ident) {
        node.start();

        node.signal("{'action':'pause','ident':'%s','queue':'*'}", ident);
        assertThat(node.paused()).containsExactly(true, true);

        node.signal("{'action':'resume','ident':'%s','queue':'*'}", ident);
        assertThat(node.paused()).containsExactly(false, false);
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

        node.signal(message);
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

            node.signal("{'action':'scale','ident':'any','queue':'default','limit':'9'}");
            node.signal("{'action':'dance','ident':'any','queue':'default'}");

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

        node.signal(message);

        await().until(() -> jobs.count("state = 'completed'") == 2);
        assertThat(List.of(job, mail)).containsExactlyInAnyOrderElementsOf(node.told.performed);
    }

    @Test
    void a_pause_lets_running_jobs_go_on() throws Exception {
        node.start();
        long job = node.park("turn");

        node.signal("{'action':'pause','ident':'any','queue':'default'}");
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

        node.signal("{'action':'pause','ident':'any','queue':'default'}");
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
        node.signal("{'action':'pause','ident':'any','queue':'*'}");
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

        node.signal("{'action':'scale','ident':'any','limit':5,'queue':'default'}");
        node.told.awaitParked(3);
        assertThat(node.running()).hasSize(5);
        assertThat(node.status("default").limit()).isEqualTo(5);

        node.signal("{'action':'scale','ident':'any','limit':1,'node':'here','queue':'default','local_only':true}");
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

        node.signal("{'action':'scale','ident':'any','limit':7,'queue':'default'}");
        node.signal("{'action':'pause','ident':'any','queue':'mail'}");

        await().until(() -> node.producers().equals(List.of("default 7 f", "mail 1 t")));
        node.signal("{'action':'resume','ident':'any','queue':'mail'}");
        await().until(() -> node.producers().equals(List.of("default 7 f", "mail 1 f")));
    }

    @Test
    void a_scale_may_pause_or_resume_as_well() {
        node.start();

        node.signal("{'action':'scale','ident':'any','limit':5,'paused':true,'queue':'default'}");
        assertThat(node.status("default").limit()).isEqualTo(5);
        assertThat(node.paused()).containsExactly(true, false);
        await().until(() -> node.producers().equals(List.of("default 5 t", "mail 1 f")));
        long job = node.add("ok");

        node.signal("{'action':'scale','ident':'any','limit':6,'paused':'no','queue':'default'}");
        assertThat(node.status("default").limit()).isEqualTo(6);
        assertThat(node.paused()).containsExactly(true, false);

        node.signal("{'action':'scale','ident':'any','limit':7,'paused':false,'queue':'default'}");
        await().until(() -> jobs.state(job).equals("completed"));
        assertThat(node.status("default").limit()).isEqualTo(7);
    }

    @Test
    void an_order_heard_twice_is_as_good_as_once() {
        try (CapturedLog log = CapturedLog.of(Producer.class)) {
            node.start();

            for (int i = 0; i < 2; i++) {
                node.signal("{'action':'scale','ident':'any','limit':5,'queue':'default'}");
                node.signal("{'action':'pause','ident':'any','queue':'default'}");
            }

            assertThat(node.status("default").limit()).isEqualTo(5);
            assertThat(node.paused()).containsExactly(true, false);
            assertThat(log.messages(Level.INFO))
                    .containsExactly("Queue default: running, limit 5", "Queue default: paused, limit 5");
        }
    }

    @Test
    void a_configured_pause_holds_until_the_queue_is_resumed() {
        node.queueSettings.clear();
        node.queueSettings.add(new QueueSettings("default", 2, true, Duration.ZERO));
        node.start();
        long job = node.add("ok");
        node.wake();
        assertThat(node.handedOver).hasValue(0);

        node.signal("{'action':'resume','ident':'any','queue':'*'}");

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
}
