package dev.kerrera.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.JobService;
import dev.kerrera.WeldNode;
import dev.kerrera.job.NewJob;
import dev.kerrera.notifier.TcpGate;
import dev.kerrera.testsupport.EmbeddedPostgresServer;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A whole node whose own connections lead nowhere any more, and nobody says so. */
@ExtendWith(PooledSchema.class)
@Timeout(180)
class DeafNodeTest {

    /** Asked once a second by default; the rest is for a machine that is busy. */
    private static final Duration A_POLL = Duration.ofSeconds(5);

    private final TestSchema schema;
    private final RawJobs jobs;

    @Work(name = "Patient")
    static class Patient implements Worker<Map<String, Object>> {
        @Override
        public Outcome perform(Map<String, Object> args, JobContext job) throws InterruptedException {
            if (args.containsKey("park")) {
                new CountDownLatch(1).await();
            }
            return Outcome.ok();
        }
    }

    DeafNodeTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
    }

    @BeforeAll
    static void answer() {
        HealthCheckResponse.setResponseProvider(new Responses());
    }

    @AfterAll
    static void answer_no_more() {
        HealthCheckResponse.setResponseProvider(null);
    }

    @Test
    void it_works_by_polling_alone_and_hears_again_once_it_is_connected() throws Exception {
        try (TcpGate gate = new TcpGate(EmbeddedPostgresServer.direct().url())) {
            gate.open();
            try (WeldNode deaf = node("deaf", "kerrera.queues", "default:5", "kerrera.notifier.url", gate.url());
                    WeldNode other = node("other", "kerrera.queues", "default:0")) {
                await().until(() ->
                        listener(deaf).equals("listening") && listener(other).equals("listening"));
                JobService elsewhere = other.get(JobService.class);
                long parked = elsewhere.insert(job(Map.of("park", true))).id();
                await().until(() -> jobs.state(parked).equals("executing"));

                gate.lose();
                long lost = System.nanoTime();
                assertInTime("inserted", elsewhere.insert(job(Map.of())).id(), "completed");
                long cancelled = jobs.add("(worker, state) VALUES ('Patient', 'cancelled')");
                elsewhere.retry(cancelled);
                assertInTime("retried", cancelled, "completed");
                assertInTime(
                        "scheduled",
                        elsewhere.insert(job(Map.of()).in(Duration.ofMillis(1))).id(),
                        "completed");
                assertInTime(
                        "its own",
                        deaf.get(JobService.class).insert(job(Map.of())).id(),
                        "completed");
                assertThat(elsewhere.cancel(parked)).isTrue();
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> jobs.row(parked).get("errors").contains("cancel"));

                await().atMost(Duration.ofSeconds(60)).until(() -> {
                    assertThat(isUp(deaf, LiveCheck.class) && isUp(deaf, ReadyCheck.class))
                            .isTrue();
                    return !listener(deaf).equals("listening");
                });
                assertThat(jobs.query("SELECT count(*) FROM ${schema}.kerrera_producers WHERE node = 'deaf'"
                                + " AND seen_at > timezone('UTC', now()) - interval '45 s'"))
                        .as("signs of life")
                        .containsExactly("1");
                System.getLogger(DeafNodeTest.class.getName())
                        .log(System.Logger.Level.INFO, "Noticed after " + Duration.ofNanos(System.nanoTime() - lost));

                gate.loseNoMore();
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> listener(deaf).equals("listening"));
                elsewhere.pauseQueue("default");
                await().until(() -> deaf.get(JobService.class)
                        .checkQueue("default")
                        .orElseThrow()
                        .paused());
            }
        }
    }

    private void assertInTime(String what, long job, String state) {
        await(what).atMost(A_POLL).until(() -> jobs.state(job).equals(state));
    }

    private static NewJob job(Map<String, Object> args) {
        return NewJob.of("Patient", args);
    }

    private WeldNode node(String name, String... more) {
        String[] all = new String[more.length + 6];
        System.arraycopy(
                new String[] {"kerrera.node", name, "kerrera.migrate", "false", "kerrera.shutdown-grace-period", "1s"},
                0,
                all,
                0,
                6);
        System.arraycopy(more, 0, all, 6, more.length);
        return new WeldNode(TestSettings.of(schema.name(), all), schema.dataSource(), Patient.class);
    }

    private static String listener(WeldNode node) {
        return String.valueOf(
                node.get(ReadyCheck.class).call().getData().orElseThrow().get("listener"));
    }

    private static boolean isUp(WeldNode node, Class<? extends HealthCheck> check) {
        return node.get(check).call().getStatus() == Status.UP;
    }
}
