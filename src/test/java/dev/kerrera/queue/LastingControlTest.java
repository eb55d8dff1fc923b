package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Orders that outlive restarts, on nodes that hear no messages unless the test delivers them. */
@Timeout(90)
@ExtendWith(PooledSchema.class)
class LastingControlTest {

    private static final QueueScope LASTING = QueueScope.everywhere().lasting();

    private final TestSchema schema;
    private final RawJobs table;
    private final List<TestNode> nodes = new ArrayList<>();

    LastingControlTest(TestSchema schema) {
        this.schema = schema;
        this.table = new RawJobs(schema);
    }

    @AfterEach
    void end() throws Exception {
        for (TestNode node : nodes) {
            node.close();
        }
    }

    /** A node that looks for orders that often. */
    private TestNode node(String name, Duration interval) {
        TestNode node = new TestNode(schema, "default", 2, "mail", 1);
        node.node = name;
        node.settings = TestSettings.of(
                schema.name(),
                "kerrera.node",
                name,
                "kerrera.lifeline.interval",
                interval.toMillis() + "ms",
                "kerrera.lifeline.rescue-after",
                interval.toMillis() * 3 + 1_000 + "ms");
        nodes.add(node);
        return node;
    }

    private TestNode deaf(String name) {
        return node(name, Duration.ofMillis(20)).start();
    }

    private TestNode rarelyLooking(String name) {
        return node(name, Duration.ofHours(1)).start();
    }

    /** Waits until the node has looked for orders since now. */
    private static void awaitLook(TestNode node) {
        int before = looks(node);
        await().until(() -> looks(node) > before + 2);
    }

    private static int looks(TestNode node) {
        return node.database.statements("kerrera_queues\nWHERE").size();
    }

    @Test
    void a_pause_and_a_limit_survive_a_restart() throws Exception {
        TestNode first = rarelyLooking("here");
        first.unheardControl().pause("default", LASTING);
        first.unheardControl().scale("mail", 7, LASTING);
        first.queues().stop(Duration.ofSeconds(10));
        long job = first.add("ok");

        TestNode second = rarelyLooking("here");

        assertThat(second.status("default").paused()).isTrue();
        assertThat(second.status("default").limit()).isEqualTo(2);
        assertThat(second.status("mail").limit()).isEqualTo(7);
        int before = second.handedOver.get();
        second.wake();
        assertThat(second.handedOver).hasValue(before);
        assertThat(table.state(job)).isEqualTo("available");
        assertThat(table.query("SELECT concat_ws(' ', queue, running_limit, paused)"
                        + " FROM ${schema}.kerrera_producers ORDER BY queue"))
                .containsExactly("default 2 t", "mail 7 f");
    }

    @Test
    void an_order_without_that_word_does_not_survive_it() {
        TestNode first = rarelyLooking("here");
        first.hear("{\"action\":\"pause\",\"ident\":\"any\",\"queue\":\"default\"}");
        first.queues().stop(Duration.ofSeconds(10));

        assertThat(rarelyLooking("here").status("default").paused()).isFalse();
    }

    @Test
    void a_deaf_node_obeys_at_its_next_look() {
        TestNode node = deaf("here");

        node.unheardControl().pause("default", LASTING);
        await().until(() -> node.status("default").paused());
        assertThat(node.status("mail").paused()).isFalse();
        await().until(() -> table.query("SELECT queue FROM ${schema}.kerrera_producers WHERE paused")
                .equals(List.of("default")));

        long job = node.add("ok");
        node.unheardControl().resume("default", LASTING);
        await().until(() -> table.state(job).equals("completed"));

        node.unheardControl().scale("default", 9, LASTING);
        await().until(() -> node.status("default").limit() == 9);
    }

    @Test
    void a_later_signal_is_not_undone() {
        TestNode node = deaf("here");
        node.unheardControl().pause("default", LASTING);
        await().until(() -> node.status("default").paused());

        node.hear("{\"action\":\"resume\",\"ident\":\"any\",\"queue\":\"default\"}");
        awaitLook(node);
        assertThat(node.status("default").paused()).isFalse();

        node.unheardControl().scale("default", 5, LASTING);
        await().until(() -> node.status("default").limit() == 5);
        awaitLook(node);
        assertThat(node.status("default").paused())
                .as("after an order about something else")
                .isFalse();

        node.unheardControl().pause("default", LASTING);
        await().until(() -> node.status("default").paused());
    }

    @Test
    void a_limit_given_again_revives_no_pause_and_a_pause_no_limit() {
        TestNode node = deaf("here");
        node.unheardControl().scale("default", 5, LASTING);
        node.unheardControl().pause("default", LASTING);
        await().until(() ->
                node.status("default").paused() && node.status("default").limit() == 5);
        node.hear("{\"action\":\"resume\",\"ident\":\"any\",\"queue\":\"default\"}");

        node.unheardControl().scale("default", 5, LASTING);
        awaitLook(node);
        assertThat(node.status("default").paused()).isFalse();

        node.hear("{\"action\":\"scale\",\"ident\":\"any\",\"limit\":3,\"queue\":\"default\"}");
        node.unheardControl().pause("default", LASTING);
        await().until(() -> node.status("default").paused());
        awaitLook(node);
        assertThat(node.status("default").limit()).isEqualTo(3);
    }

    @Test
    void a_lasting_order_heard_twice_is_followed_by_what_comes_after_it() {
        TestNode node = deaf("here");
        String paused = "{\"action\":\"pause\",\"ident\":\"any\",\"queue\":\"default\"}";
        node.unheardControl().pause("default", LASTING);
        node.hear(paused);
        awaitLook(node);
        node.hear(paused);
        awaitLook(node);
        assertThat(node.status("default").paused()).isTrue();

        node.hear("{\"action\":\"resume\",\"ident\":\"any\",\"queue\":\"default\"}");
        awaitLook(node);
        assertThat(node.status("default").paused()).isFalse();

        node.hear(paused);
        node.unheardControl().resume("default", LASTING);
        await().until(() -> !node.status("default").paused());
    }

    @Test
    void a_signal_heard_between_an_order_and_the_next_look_is_the_later() {
        TestNode other = rarelyLooking("there");
        TestNode node = deaf("here");
        node.database.fail("kerrera_queues\nWHERE", 1_000_000);
        other.unheardControl().pause("default", LASTING);
        node.hear("{\"action\":\"pause\",\"ident\":\"any\",\"queue\":\"default\"}");
        node.hear("{\"action\":\"resume\",\"ident\":\"any\",\"queue\":\"default\"}");

        node.database.recover();
        awaitLook(node);

        assertThat(node.status("default").paused()).isFalse();
    }

    @Test
    void an_order_for_one_node_is_for_no_other() {
        TestNode here = deaf("here");
        TestNode there = deaf("there");

        here.unheardControl().pauseAll(QueueScope.onNode("there").lasting());
        await().until(() ->
                there.status("default").paused() && there.status("mail").paused());
        awaitLook(here);
        assertThat(here.status("default").paused()).isFalse();

        here.unheardControl().pauseAll(QueueScope.local().lasting());
        await().until(() -> here.status("mail").paused());
    }

    @Test
    void after_a_restart_the_narrower_order_holds() throws Exception {
        QueueControl control = rarelyLooking("first").unheardControl();
        control.pauseAll(LASTING);
        control.resume("mail", LASTING);
        control.resume("default", QueueScope.onNode("here").lasting());
        control.scale("mail", 3, LASTING);
        control.scale("mail", 5, QueueScope.onNode("here").lasting());

        TestNode here = rarelyLooking("here");
        assertThat(here.status("default").paused()).isFalse();
        assertThat(here.status("mail").paused()).isFalse();
        assertThat(here.status("mail").limit()).isEqualTo(5);
        TestNode there = rarelyLooking("there");
        assertThat(there.status("default").paused()).isTrue();
        assertThat(there.status("mail").paused()).isFalse();
        assertThat(there.status("mail").limit()).isEqualTo(3);
    }

    @Test
    void a_broader_order_given_later_goes_before_it() {
        QueueControl control = rarelyLooking("first").unheardControl();
        control.resume("mail", QueueScope.onNode("here").lasting());
        control.resume("mail", LASTING);
        control.pauseAll(LASTING);
        control.scale("mail", 4, LASTING);

        TestNode here = rarelyLooking("here");
        assertThat(here.status("mail").paused()).isTrue();
        assertThat(here.status("mail").limit()).isEqualTo(4);
    }

    @Test
    void a_queue_started_later_heeds_what_lasts() {
        TestNode node = rarelyLooking("here");
        node.unheardControl().pauseAll(LASTING);
        node.unheardControl().scale("extra", 9, LASTING);

        node.hear("{\"action\":\"start\",\"ident\":\"any\",\"limit\":2,\"queue\":\"extra\"}");

        await().until(() -> node.queues().status().size() == 3);
        assertThat(node.status("extra").paused()).isTrue();
        assertThat(node.status("extra").limit()).isEqualTo(9);
    }

    @Test
    void of_what_lasts_and_what_was_said_to_a_starting_queue_the_later_holds() throws Exception {
        TestNode node = rarelyLooking("here");
        node.unheardControl().scale("extra", 9, LASTING);
        CountDownLatch starting = new CountDownLatch(1);
        node.database.hang("kerrera_queues\nWHERE", starting);
        int before = looks(node);

        node.hear("{\"action\":\"start\",\"ident\":\"any\",\"limit\":2,\"queue\":\"extra\"}");
        await().until(() -> looks(node) > before);
        node.hear("{\"action\":\"pause\",\"ident\":\"any\",\"queue\":\"extra\"}");
        node.hear("{\"action\":\"scale\",\"ident\":\"any\",\"limit\":4,\"queue\":\"extra\"}");
        node.unheardControl().resume("extra", LASTING);
        starting.countDown();

        await().until(() -> node.queues().status().size() == 3);
        node.awaitTurns();
        assertThat(node.status("extra").limit()).isEqualTo(4);
        assertThat(node.status("extra").paused()).isFalse();
    }

    @Test
    void an_order_of_another_instance_is_none_of_this() {
        TestNode node = deaf("here");
        table.run("INSERT INTO ${schema}.kerrera_queues (name, queue, node, paused, paused_at)"
                + " VALUES ('Oban', '*', '', true, timezone('UTC', now()))");

        awaitLook(node);

        assertThat(node.status("default").paused()).isFalse();
    }

    @Test
    void an_outage_of_the_table_passes() {
        TestNode node = deaf("here");
        node.database.fail("kerrera_queues", 3);
        awaitLook(node);

        table.run("INSERT INTO ${schema}.kerrera_queues (name, queue, node, running_limit, limit_at)"
                + " VALUES ('Kerrera', 'mail', '', 4, timezone('UTC', now()))");

        await().until(() -> node.status("mail").limit() == 4);
        assertThat(node.queues().loops()).extracting(loop -> loop.name()).contains("Looking for lasting orders");
    }
}
