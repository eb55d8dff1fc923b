package dev.kerrera.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.WeldNode;
import dev.kerrera.peer.Peer;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nodes with the settings they have by default, two of which are killed, the leader first of all. */
@Tag("long")
@Timeout(240)
@ExtendWith(PooledSchema.class)
class RescueTest {

    private final TestSchema schema;
    private final RawJobs sql;

    RescueTest(TestSchema schema) {
        this.schema = schema;
        this.sql = new RawJobs(schema);
        Parked.released = new CountDownLatch(1);
    }

    @AfterEach
    void release() {
        Parked.released.countDown();
    }

    @Test
    void jobs_of_the_dead_run_again_within_a_minute_and_a_slow_one_of_the_living_is_left_alone() throws Exception {
        NodeProcess leader = start("leader", "alpha:1");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> sql.query("SELECT node FROM ${schema}.oban_peers").contains("leader"));
        NodeProcess follower = start("follower", "beta:1");
        long leaders = running("alpha");
        long followers = running("beta");
        String[] settings = {"kerrera.node", "survivor", "kerrera.queues", "alpha:1,beta:1,gamma:1"};
        try (WeldNode survivor =
                new WeldNode(TestSettings.of(schema.name(), settings), schema.dataSource(), Parked.class)) {
            long slow = running("gamma");
            sql.run("UPDATE ${schema}.oban_jobs SET attempted_at = attempted_at - interval '10 minutes'");
            long elixirOld = foreign("59 minutes");
            long elixirVeryOld = foreign("61 minutes");

            long killed = System.nanoTime();
            leader.kill();
            follower.kill();
            await().atMost(Duration.ofSeconds(120)).until(() -> runsAgain(leaders) && runsAgain(followers));
            Duration took = Duration.ofNanos(System.nanoTime() - killed);

            System.getLogger(RescueTest.class.getName())
                    .log(System.Logger.Level.INFO, "They run again %s after the kill".formatted(took));
            assertThat(took).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
            assertThat(survivor.get(Peer.class).leads()).isTrue();
            assertThat(sql.row(slow)).containsEntry("state", "executing").containsEntry("attempt", "1");
            assertThat(sql.state(elixirOld)).isEqualTo("executing");
            assertThat(sql.state(elixirVeryOld)).isEqualTo("available");
        } finally {
            Parked.released.countDown();
            leader.kill();
            follower.kill();
        }
    }

    private NodeProcess start(String node, String queues) throws IOException {
        return NodeProcess.start(schema.name(), node, "kerrera.queues", queues).awaitStarted();
    }

    private boolean runsAgain(long job) {
        Map<String, String> row = sql.row(job);
        return row.get("state").equals("executing")
                && row.get("attempt").equals("2")
                && row.get("attempted_by").startsWith("{survivor,");
    }

    private long running(String queue) {
        long job = sql.add("(worker, queue) VALUES ('Parked', '%s')".formatted(queue));
        await().atMost(Duration.ofSeconds(20)).until(() -> sql.state(job).equals("executing"));
        return job;
    }

    /** A job of a node that keeps no heartbeat. */
    private long foreign(String age) {
        return sql.add(
                ("(worker, queue, state, attempt, attempted_by, attempted_at) VALUES ('Elixir', 'elixir', 'executing', 1, '{web.1,%s}',"
                                + " timezone('UTC', now()) - interval '%s')")
                        .formatted("7b53e4d1-9a5e-4c3c-8a0c-0d1f7c1b1a11", age));
    }
}
