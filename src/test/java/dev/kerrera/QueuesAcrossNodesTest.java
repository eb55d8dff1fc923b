package dev.kerrera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.kerrera.job.Job;
import dev.kerrera.notifier.Listening;
import dev.kerrera.queue.QueueScope;
import dev.kerrera.queue.QueueStart;
import dev.kerrera.queue.QueueStatus;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whole nodes on one database that give orders to each other's queues. */
@Timeout(90)
@ExtendWith(PooledSchema.class)
class QueuesAcrossNodesTest {

    private static final QueueScope LOCAL = QueueScope.local();

    private final TestSchema schema;
    private final RawJobs sql;
    private WeldNode one;
    private WeldNode two;

    QueuesAcrossNodesTest(TestSchema schema) {
        this.schema = schema;
        this.sql = new RawJobs(schema);
    }

    @Work(name = "Quick")
    static class Quick implements Worker<Map<String, Object>> {
        @Override
        public Outcome perform(Map<String, Object> args, JobContext job) {
            return Outcome.ok();
        }
    }

    @AfterEach
    void end() {
        Stream.of(one, two).filter(node -> node != null).forEach(WeldNode::close);
    }

    private WeldNode node(String name, String... more) {
        String[] own = {"kerrera.node", name, "kerrera.migrate", "false", "kerrera.poll-interval", "1h"};
        return new WeldNode(
                TestSettings.of(
                        schema.name(), Stream.of(own, more).flatMap(Stream::of).toArray(String[]::new)),
                schema.dataSource(),
                Quick.class);
    }

    private void twoThatHearEachOther() {
        one = node("one");
        two = node("two");
        await().until(() -> Stream.of(one, two)
                .allMatch(node ->
                        node.get(Listening.class).status().state().name().equals("LISTENING")));
    }

    private static JobService jobs(WeldNode node) {
        return node.get(JobService.class);
    }

    private static QueueStatus check(WeldNode node) {
        return jobs(node).checkQueue("default").orElseThrow();
    }

    @Test
    void two_nodes_pause_each_other_by_name() {
        twoThatHearEachOther();

        jobs(one).pauseQueue("default", QueueScope.onNode("two"));
        await().until(() -> check(two).paused());
        assertThat(check(one).paused()).isFalse();

        jobs(two).pauseQueue("default", QueueScope.onNode("one"));
        await().until(() -> check(one).paused());

        Job job = jobs(one).insert(Quick.class, Map.of());
        jobs(one).resumeQueue("default", QueueScope.onNode("two"));
        await().until(() -> sql.state(job.id()).equals("completed"));
        assertThat(sql.row(job.id()).get("attempted_by")).startsWith("{two,");
        assertThat(check(one).paused()).isTrue();
    }

    @Test
    void every_order_reaches_every_node() {
        twoThatHearEachOther();
        List<WeldNode> both = List.of(one, two);

        jobs(one).pauseAllQueues();
        await().until(() -> both.stream().allMatch(node -> check(node).paused()));
        jobs(two).resumeAllQueues();
        await().until(() -> both.stream().noneMatch(node -> check(node).paused()));
        jobs(one).pauseQueue("default");
        await().until(() -> both.stream().allMatch(node -> check(node).paused()));
        jobs(one).resumeQueue("default");
        await().until(() -> both.stream().noneMatch(node -> check(node).paused()));

        jobs(one).scaleQueue("default", 3);
        await().until(() -> both.stream().allMatch(node -> check(node).limit() == 3));

        jobs(two).startQueue("extra", 2);
        await().until(() -> both.stream()
                .allMatch(node -> jobs(node).checkAllQueues().stream()
                        .map(QueueStatus::queue)
                        .toList()
                        .equals(List.of("default", "extra"))));

        jobs(one).stopQueue("extra");
        await().until(() ->
                both.stream().allMatch(node -> jobs(node).checkQueue("extra").isEmpty()));
    }

    @Test
    void an_order_to_this_node_takes_effect_at_once_even_when_the_node_is_deaf() {
        one = node("one", "kerrera.notifier.url", "jdbc:postgresql://127.0.0.1:1/nowhere");

        jobs(one).pauseQueue("default", LOCAL);
        assertThat(check(one).paused()).isTrue();
        jobs(one).resumeAllQueues(LOCAL);
        assertThat(check(one).paused()).isFalse();
        jobs(one).pauseAllQueues(QueueScope.onNode("one"));
        assertThat(check(one).paused()).isTrue();
        jobs(one).scaleQueue("default", 1, LOCAL);
        assertThat(check(one).limit()).isEqualTo(1);

        jobs(one).startQueue(QueueStart.of("extra", 2).asPaused(), LOCAL);
        await().until(() ->
                jobs(one).checkQueue("extra").filter(QueueStatus::paused).isPresent());
        jobs(one).stopQueue("default", LOCAL);
        await().until(() -> jobs(one).checkQueue("default").isEmpty());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> jobs(one).resumeQueue("default", LOCAL))
                .withMessageStartingWith("queue default does not run on this node");
        jobs(one).startQueue("default", 4, LOCAL);
        await().until(() -> jobs(one).checkQueue("default").isPresent());
    }

    @Test
    void an_order_that_lasts_reaches_a_node_that_hears_nothing() {
        one = node("one");
        two = node("two", "kerrera.notifier.mode", "poll", "kerrera.lifeline.interval", "100ms");

        jobs(one).pauseQueue("default", QueueScope.everywhere().lasting());
        await().until(() -> check(two).paused());
        await().until(() -> check(one).paused());

        jobs(one).scaleQueue("default", 2, QueueScope.onNode("two").lasting());
        await().until(() -> check(two).limit() == 2);
        assertThat(check(one).limit()).isEqualTo(10);
    }

    @Test
    void a_stop_that_may_outlast_the_server_is_warned_of_at_the_start() {
        try (CapturedLog log = CapturedLog.of(Lifecycle.class)) {
            one = node("one", "kerrera.shutdown-grace-period", "29s");
            assertThat(log.messages(Level.WARNING))
                    .containsExactly("A stop may take PT33S, kerrera.shutdown-grace-period and a little,"
                            + " but the server waits for PT30S, kerrera.stop-window: shorten the former,"
                            + " or raise stopTimeout of the server's applicationManager and tell so by the latter");
        }
        try (CapturedLog log = CapturedLog.of(Lifecycle.class)) {
            two = node("two", "kerrera.shutdown-grace-period", "26s");
            assertThat(log.messages(Level.WARNING)).isEmpty();
        }
    }
}
