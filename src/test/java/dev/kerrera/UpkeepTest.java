package dev.kerrera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.Settings;
import dev.kerrera.notifier.Listening;
import dev.kerrera.peer.Peer;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PooledSchema.class)
@Timeout(60)
class UpkeepTest {

    private final TestSchema schema;
    private final TappedDataSource tapped;
    private final RawJobs sql;

    UpkeepTest(TestSchema schema) {
        this.schema = schema;
        this.tapped = new TappedDataSource(schema.dataSource());
        this.sql = new RawJobs(schema);
    }

    @AfterEach
    void recover() {
        tapped.recover();
    }

    @Test
    void when_the_leader_stops_another_node_hears_it_and_leads_at_once() {
        WeldNode one = node("one");
        await().until(one.get(Peer.class)::leads);
        try (WeldNode two = node("two")) {
            await().until(() -> two.get(Listening.class).status().state().name().equals("LISTENING"));
            await().until(() -> tapped.statements("oban_peers AS held").size() >= 2);
            assertThat(two.get(Peer.class).leads()).isFalse();

            one.close();

            await().until(two.get(Peer.class)::leads);
            assertThat(two.get(Peer.class).leader()).contains("two");
        }
        assertThat(leaders()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kerrera_by_index", "'completed'"})
    void the_lease_is_given_back_when_no_act_of_the_leader_is_under_way_any_more(String act) throws Exception {
        WeldNode node = node("one", "kerrera.pruner.interval", "10ms", "kerrera.stager.interval", "10ms");
        await().until(node.get(Peer.class)::leads);
        CountDownLatch latch = new CountDownLatch(1);
        int before = tapped.statements(act).size();
        tapped.hang(act, latch);
        await().until(() -> tapped.statements(act).size() > before);

        Thread stop = new Thread(node.get(Upkeep.class)::stop);
        stop.start();
        await().until(() -> stop.getState() == Thread.State.TIMED_WAITING);
        assertThat(leaders()).as("while it still acts").isOne();
        latch.countDown();
        stop.join();

        assertThat(leaders()).isZero();
        node.close();
    }

    @Test
    void an_act_that_does_not_end_holds_up_neither_the_lease_nor_the_stop() throws Exception {
        WeldNode node = node("one", "kerrera.pruner.interval", "10ms", "kerrera.stager.interval", "10ms");
        await().until(node.get(Peer.class)::leads);
        CountDownLatch never = new CountDownLatch(1);
        for (String act : List.of("kerrera_by_index", "'completed'")) {
            int before = tapped.statements(act).size();
            tapped.hang(act, never);
            await().until(() -> tapped.statements(act).size() > before);
        }

        long start = System.nanoTime();
        node.get(Upkeep.class).stop();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        assertThat(leaders()).isZero();
        tapped.recover();
        node.close();
    }

    @Test
    void only_loops_that_are_to_turn_are_watched() {
        try (WeldNode node = node(
                "one", "kerrera.pruner.enabled", "false", "kerrera.peer.enabled", "false", "kerrera.met.mode", "off")) {
            assertThat(node.get(Upkeep.class).loops())
                    .extracting(LoopStatus::name)
                    .containsExactly("The stager", "The lifeline");
            assertThat(node.get(Peer.class).leads()).isFalse();
        }
        try (WeldNode node = node("two")) {
            assertThat(node.get(Upkeep.class).loops())
                    .extracting(LoopStatus::name)
                    .containsExactly(
                            "The stager", "The pruner", "The lifeline", "The report to Oban Web", "The election");
        }
    }

    private WeldNode node(String name, String... more) {
        String[] keys = {
            "kerrera.node", name, "kerrera.migrate", "false", "kerrera.peer.interval", "1h", "kerrera.peer.lease", "4h"
        };
        String[] all = Arrays.copyOf(keys, keys.length + more.length);
        System.arraycopy(more, 0, all, keys.length, more.length);
        Settings settings = TestSettings.of(schema.name(), all);
        return new WeldNode(settings, tapped.dataSource());
    }

    private int leaders() {
        return sql.query("SELECT node FROM ${schema}.oban_peers").size();
    }
}
