package dev.kerrera.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.JobService;
import dev.kerrera.WeldNode;
import dev.kerrera.job.NewJob;
import dev.kerrera.queue.QueueScope;
import dev.kerrera.testsupport.ConnectionPool;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Four nodes in JVMs of their own, restarted one after another while they work and are given orders. */
@Tag("long")
@Timeout(300)
@ExtendWith(PooledSchema.class)
class RollingRestartTest {

    private static final int JOBS = 20_000;
    private static final List<String> QUEUES = List.of("alpha", "beta", "gamma");
    private static final String LIMITS = "alpha:1,beta:2,gamma:3";

    private final TestSchema schema;
    private final RawJobs sql;
    private final List<NodeProcess> started = new ArrayList<>();

    RollingRestartTest(TestSchema schema) {
        this.schema = schema;
        this.sql = new RawJobs(schema);
        sql.run("CREATE TABLE IF NOT EXISTS ${schema}.tally (job bigint)");
    }

    @AfterEach
    void kill_what_is_left() throws InterruptedException {
        for (NodeProcess node : started) {
            node.kill();
        }
        sql.run("DROP TABLE ${schema}.tally");
    }

    @Test
    void every_job_is_completed_once_and_one_node_leads() throws Exception {
        List<NodeProcess> running = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d")) {
            running.add(start(name));
        }
        running.forEach(NodeProcess::awaitStarted);
        try (ConnectionPool pool = new ConnectionPool(schema.dataSource());
                WeldNode desk = new WeldNode(
                        TestSettings.of(schema.name(), "kerrera.node", "desk", "kerrera.peer.enabled", "false"),
                        pool.dataSource())) {
            JobService jobs = desk.get(JobService.class);
            jobs.pauseQueue("gamma", QueueScope.everywhere().lasting());
            jobs.insertAll(IntStream.range(0, JOBS)
                    .mapToObj(i ->
                            NewJob.of("Tally", Map.of("schema", schema.name())).queue(QUEUES.get(i % QUEUES.size()))));

            Random random = new Random(20_000);
            for (NodeProcess old : List.copyOf(running)) {
                order(jobs, random);
                assertThat(sql.count("queue = 'alpha' AND state IN ('available', 'executing')"))
                        .as("jobs left when %s is stopped", old.node())
                        .isPositive();
                old.stop();
                start(old.node()).awaitStarted();
                order(jobs, random);
            }
            assertThat(sql.count("queue = 'gamma' AND attempt > 0"))
                    .as("jobs of the paused queue that any node took, restarted or not")
                    .isZero();

            jobs.resumeQueue("gamma", QueueScope.everywhere().lasting());
            for (int i = 0; i < 5; i++) {
                order(jobs, random);
            }
            QUEUES.forEach(queue -> jobs.scaleQueue(queue, 20));
            jobs.resumeAllQueues();
            await().atMost(Duration.ofSeconds(120))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> sql.count("state = 'completed'") == JOBS);
        }
        assertThat(sql.query("SELECT count(*) || ' runs of ' || count(DISTINCT job) FROM ${schema}.tally"))
                .containsExactly("20000 runs of 20000");
        assertThat(sql.count("attempt <> 1 OR errors <> '{}' OR state <> 'completed'"))
                .isZero();
        assertThat(Overlaps.leaders(started)).as("nodes seen to lead").hasSizeGreaterThan(1);
        assertThat(Overlaps.in(started)).as("moments in which two led").isEmpty();
        for (NodeProcess node : started) {
            assertThat(node.complaints())
                    .as("warnings and errors of %s", node.node())
                    .isEmpty();
        }
    }

    /** What an operator may do at any time; the queue that is paused by then is left alone. */
    private static void order(JobService jobs, Random random) {
        String queue = QUEUES.get(random.nextInt(2));
        jobs.pauseQueue(queue);
        jobs.scaleQueue(queue, 1 + random.nextInt(3));
        jobs.resumeQueue(queue);
        jobs.scaleQueue("beta", 2 + random.nextInt(9), QueueScope.onNode("b"));
    }

    private NodeProcess start(String name) throws Exception {
        NodeProcess node = NodeProcess.start(schema.name(), name, "kerrera.queues", LIMITS);
        started.add(node);
        return node;
    }
}
