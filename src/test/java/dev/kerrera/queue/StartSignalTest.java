package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.QueueSettings;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues that are started by a signal as an Elixir node sends it. */
@Timeout(90)
@ExtendWith(PooledSchema.class)
class StartSignalTest {

    private static final String OWN = "Kerrera.here";

    private final TestSchema schema;
    private final TestNode node;
    private final RawJobs jobs;

    StartSignalTest(TestSchema schema) {
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
    void a_queue_that_was_not_configured_is_started(String ident) {
        node.start();
        long job = node.add("ok", "", "(queue) VALUES ('extra')");

        node.signal("{'action':'start','ident':'%s','limit':3,'queue':'extra'}", ident);

        await().until(() -> jobs.state(job).equals("completed"));
        QueueStatus extra = node.status("extra");
        assertThat(extra.limit()).isEqualTo(3);
        assertThat(node.producers()).contains("extra 3 f");
        assertThat(jobs.row(job)).containsEntry("attempted_by", "{here," + extra.uuid() + "}");
    }

    @Test
    void a_queue_is_known_to_live_before_it_takes_a_job() {
        node.start();
        node.database.fail("kerrera_producers", 1);

        node.signal("{'action':'start','ident':'any','limit':3,'queue':'extra'}");
        await().until(() -> node.database.statements("kerrera_producers").size() > 2);
        node.signal("{'action':'stop','ident':'any','queue':'extra'}");
        node.signal("{'action':'start','ident':'any','limit':3,'queue':'extra'}");

        await().until(() -> node.queues().status().size() == 3);
        assertThat(node.producers()).contains("extra 3 f");
    }

    @Test
    void a_queue_of_limit_0_is_started() {
        node.queueSettings.clear();
        node.settings = TestSettings.of(schema.name(), "kerrera.queues", "default:2,elsewhere:0");
        node.queueSettings.add(new QueueSettings("default", 2));
        node.start();
        long job = node.add("ok", "", "(queue) VALUES ('elsewhere')");

        node.signal(
                "{'action':'start','ident':'any','limit':3,'paused':false,'refresh_interval':1000,'queue':'elsewhere'}");

        await().until(() -> jobs.state(job).equals("completed"));
    }

    @Test
    void a_queue_may_be_started_paused() {
        node.start();
        long job = node.add("ok", "", "(queue) VALUES ('extra')");

        node.signal("{'action':'start','ident':'any','limit':3,'paused':true,'dispatch_cooldown':5,'queue':'extra'}");
        await().until(() -> node.queues().status().size() == 3);
        assertThat(node.status("extra").paused()).isTrue();
        assertThat(node.producers()).contains("extra 3 t");
        node.awaitTurns();
        int before = node.handedOver.get();
        node.wake("extra");
        assertThat(node.handedOver).hasValue(before);
        assertThat(jobs.state(job)).isEqualTo("available");

        node.signal("{'action':'resume','ident':'any','queue':'extra'}");
        await().until(() -> jobs.state(job).equals("completed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"extra", "*"})
    void a_pause_right_after_a_start_keeps_the_queue_from_taking_jobs(String queue) {
        node.start();
        long job = node.add("ok", "", "(queue) VALUES ('extra')");
        CountDownLatch starting = new CountDownLatch(1);
        node.database.hang("kerrera_queues", starting);

        node.signal("{'action':'start','ident':'any','limit':2,'queue':'extra'}");
        node.signal("{'action':'pause','ident':'any','queue':'%s'}", queue);
        node.signal("{'action':'scale','ident':'any','limit':5,'queue':'extra'}");
        int before = node.handedOver.get();
        starting.countDown();
        node.awaitTurns();

        assertThat(node.status("extra").paused()).isTrue();
        assertThat(node.status("extra").limit()).isEqualTo(5);
        assertThat(node.producers()).contains("extra 5 t");
        assertThat(node.handedOver).hasValue(before);
        assertThat(jobs.state(job)).isEqualTo("available");

        node.signal("{'action':'resume','ident':'any','queue':'%s'}", queue);
        await().until(() -> jobs.state(job).equals("completed"));
    }

    @Test
    void the_first_sign_of_life_tells_what_was_ordered_before_it() {
        node.start();
        CountDownLatch starting = new CountDownLatch(1);
        node.database.hang("kerrera_queues", starting);
        int signs = node.database.statements("INSERT INTO").size();

        node.signal("{'action':'start','ident':'any','limit':2,'queue':'extra'}");
        node.signal("{'action':'scale','ident':'any','limit':5,'paused':true,'queue':'extra'}");
        await().until(() -> node.database.statements("INSERT INTO").size() == signs + 1); // of the others
        starting.countDown();
        node.awaitTurns();

        assertThat(node.producers()).contains("extra 5 t");
        assertThat(node.database.statements("INSERT INTO")).hasSize(signs + 2);
    }

    @Test
    void what_is_ordered_while_the_first_sign_of_life_goes_out_is_not_lost() {
        node.start();
        CountDownLatch writing = new CountDownLatch(1);
        int signs = node.database.statements("INSERT INTO").size();
        node.database.hang("kerrera_producers", writing);

        node.signal("{'action':'start','ident':'any','limit':2,'queue':'extra'}");
        await().until(() -> node.database.statements("INSERT INTO").size() > signs);
        node.signal("{'action':'scale','ident':'any','limit':5,'paused':true,'queue':'extra'}");
        writing.countDown();
        node.awaitTurns();

        assertThat(node.status("extra").paused()).isTrue();
        assertThat(node.status("extra").limit()).isEqualTo(5);
        await().until(() -> node.producers().contains("extra 5 t"));
    }

    @Test
    void a_node_that_has_stopped_starts_no_queue() {
        node.start();
        node.queues().stop(Duration.ofSeconds(10));

        node.signal("{'action':'start','ident':'any','limit':1,'queue':'extra'}");
        await().until(() -> node.database.statements("kerrera_queues").size() >= 2);

        await().until(() -> node.producers().isEmpty());
        assertThat(node.queues().status()).isEmpty();
    }
}
