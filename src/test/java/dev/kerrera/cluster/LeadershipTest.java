package dev.kerrera.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nodes in JVMs of their own, one of which leads. */
@Tag("long")
@Timeout(240)
@ExtendWith(PooledSchema.class)
class LeadershipTest {

    private final TestSchema schema;
    private final RawJobs sql;
    private final List<NodeProcess> started = new ArrayList<>();

    LeadershipTest(TestSchema schema) {
        this.schema = schema;
        this.sql = new RawJobs(schema);
    }

    @AfterEach
    void kill_what_is_left() throws InterruptedException {
        for (NodeProcess node : started) {
            node.kill();
        }
    }

    @Test
    void a_leader_that_stops_is_followed_within_two_seconds_and_one_that_is_killed_within_thirty() throws Exception {
        Map<String, NodeProcess> living = new TreeMap<>();
        for (String name : List.of("a", "b", "c", "d")) {
            living.put(name, start(name));
        }
        living.values().forEach(NodeProcess::awaitStarted);

        NodeProcess first = living.remove(awaitLeader());
        long stopping = System.currentTimeMillis();
        first.stop();
        NodeProcess second = living.remove(awaitLeaderOtherThan(first));
        assertThat(firstMoment(second) - stopping)
                .as("ms from stop to new leader")
                .isBetween(0L, 2_000L);

        long killing = System.currentTimeMillis();
        second.kill();
        NodeProcess third = living.remove(awaitLeaderOtherThan(second));
        assertThat(firstMoment(third) - killing)
                .as("ms from kill to new leader")
                .isBetween(0L, 30_000L);

        third.stop();
        awaitLeaderOtherThan(third);
        assertThat(Overlaps.in(started)).as("moments in which two led").isEmpty();
    }

    private NodeProcess start(String name) throws IOException {
        NodeProcess node = NodeProcess.start(schema.name(), name);
        started.add(node);
        return node;
    }

    private String awaitLeader() {
        await().atMost(Duration.ofSeconds(20)).until(() -> !leaders().isEmpty());
        return leaders().get(0);
    }

    private String awaitLeaderOtherThan(NodeProcess former) {
        await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> leaders().stream().anyMatch(leader -> !leader.equals(former.node())));
        return awaitLeader();
    }

    private List<String> leaders() {
        return sql.query("SELECT node FROM ${schema}.oban_peers");
    }

    private static long firstMoment(NodeProcess leader) throws IOException {
        await().until(() -> !leader.led().isEmpty());
        return leader.led().get(0);
    }
}
