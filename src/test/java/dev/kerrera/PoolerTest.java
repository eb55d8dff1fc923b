package dev.kerrera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.Settings;
import dev.kerrera.job.Job;
import dev.kerrera.job.NewJob;
import dev.kerrera.job.Unique;
import dev.kerrera.notifier.Gossip;
import dev.kerrera.notifier.Listening;
import dev.kerrera.notifier.Notification;
import dev.kerrera.peer.Peer;
import dev.kerrera.testsupport.EmbeddedPostgresServer;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import dev.kerrera.worker.Failure;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whole nodes that need no session of their own, or have it elsewhere. Everywhere they run as any other; behind a pooler of
 * transactions ({@code src/test/pgbouncer/run}) they show that they can.
 */
@ExtendWith(PooledSchema.class)
@Timeout(120)
class PoolerTest {

    private final TestSchema schema;
    private final RawJobs jobs;

    PoolerTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
    }

    @Work(name = "Obedient")
    static class Obedient implements Worker<Map<String, Object>> {
        @Override
        public Outcome perform(Map<String, Object> args, JobContext job) throws InterruptedException {
            return switch (String.valueOf(args.get("act"))) {
                case "fail once" -> job.attempt() == 1 ? Outcome.error("not yet") : Outcome.ok();
                case "snooze once" ->
                    job.job().meta().containsKey("snoozed") ? Outcome.ok() : Outcome.snooze(Duration.ofMillis(1));
                case "cancel" -> Outcome.cancel("no more");
                case "park" -> {
                    new CountDownLatch(1).await();
                    yield Outcome.ok();
                }
                default -> Outcome.ok();
            };
        }

        @Override
        public Optional<Duration> backoff(Job job, Failure failure) {
            return Optional.of(Duration.ofMillis(1));
        }
    }

    @ApplicationScoped
    static class Ears {
        static final List<String> HEARD = new CopyOnWriteArrayList<>();

        void hear(@Observes @Gossip Notification message) {
            HEARD.add(message.payload().toString());
        }
    }

    @BeforeEach
    void forget() {
        Ears.HEARD.clear();
    }

    @Test
    void the_tests_go_where_they_mean_to_go() {
        int named = URI.create(EmbeddedPostgresServer.shared().url().substring("jdbc:".length()))
                .getPort();
        int reached = Integer.parseInt(jobs.query("SELECT inet_server_port()").get(0));

        assertThat(reached != named).isEqualTo(EmbeddedPostgresServer.isPooled());
    }

    @Test
    void polling_alone_does_everything() {
        try (WeldNode node = node("one", "kerrera.notifier.mode", "poll");
                WeldNode other = node("two", "kerrera.notifier.mode", "poll", "kerrera.queues", "default:0")) {
            await().until(() ->
                    node.get(Peer.class).leads() || other.get(Peer.class).leads());
            JobService service = other.get(JobService.class);

            List<Job> many = IntStream.range(0, 50)
                    .mapToObj(i -> service.insert(NewJob.of("Obedient", Map.of("n", i))))
                    .toList();
            service.insertAll(IntStream.range(0, 50).mapToObj(i -> NewJob.of("Obedient", Map.of("bulk", i))));
            Job later = service.insert(NewJob.of("Obedient", Map.of()).in(Duration.ofMillis(500)));
            Job again = service.insert(act("fail once").maxAttempts(3));
            Job snoozed = service.insert(act("snooze once"));
            Job cancelled = service.insert(act("cancel"));
            Job parked = service.insert(act("park"));
            Unique once = Unique.within(Duration.ofMinutes(1));
            Job unique = service.insert(act("unique").unique(once));
            assertThat(service.insert(act("unique").unique(once)).id()).isEqualTo(unique.id());
            await().until(() -> jobs.state(parked.id()).equals("executing"));
            service.cancel(parked.id());

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(jobs.count("state = 'completed'")).isEqualTo(104));
            assertThat(many).allSatisfy(job -> assertThat(jobs.state(job.id())).isEqualTo("completed"));
            for (Job job : List.of(later, again, snoozed, unique)) {
                assertThat(jobs.row(job.id())).containsEntry("state", "completed");
            }
            assertThat(jobs.row(again.id())).containsEntry("attempt", "2");
            assertThat(jobs.state(cancelled.id())).isEqualTo("cancelled");
            await().until(() -> jobs.query(
                            "SELECT cardinality(errors) FROM ${schema}.oban_jobs WHERE id = " + parked.id())
                    .equals(List.of("1")));
        }
        assertThat(jobs.query("SELECT node FROM ${schema}.oban_peers"))
                .as("leases after a stop")
                .isEmpty();
    }

    @Test
    void a_connection_past_the_pooler_hears_everything() {
        String url = EmbeddedPostgresServer.direct().url();
        String[] settings = {
            "kerrera.notifier.mode", "own-connection", "kerrera.notifier.url", url, "kerrera.poll-interval", "1h"
        };
        try (WeldNode node = node("one", settings);
                WeldNode other = node("two", settings)) {
            await().until(() -> listens(node) && listens(other));

            Job job = other.get(JobService.class).insert(NewJob.of("Obedient", Map.of()));
            other.get(JobService.class).publish("gossip", Map.of("said", 1));

            await().until(() -> jobs.state(job.id()).equals("completed"));
            await().until(() -> Ears.HEARD.equals(List.of("{\"said\":1}", "{\"said\":1}")));
        }
    }

    @Test
    void one_that_listens_through_the_pooler_runs_its_jobs_all_the_same() {
        try (WeldNode node = node("one", "kerrera.poll-interval", "200ms")) {
            Job job = node.get(JobService.class).insert(NewJob.of("Obedient", Map.of()));
            long foreign = jobs.add("(worker) VALUES ('Obedient')");

            await().until(() -> jobs.state(job.id()).equals("completed"));
            await().until(() -> jobs.state(foreign).equals("completed"));
        }
    }

    private static NewJob act(String act) {
        return NewJob.of("Obedient", Map.of("act", act));
    }

    private static boolean listens(WeldNode node) {
        return node.get(Listening.class).status().state().name().equals("LISTENING");
    }

    private WeldNode node(String name, String... more) {
        String[] keys = new String[more.length + 6];
        System.arraycopy(
                new String[] {"kerrera.node", name, "kerrera.migrate", "false", "kerrera.queues", "default:5"},
                0,
                keys,
                0,
                6);
        System.arraycopy(more, 0, keys, 6, more.length);
        Settings settings = TestSettings.of(schema.name(), keys);
        return new WeldNode(settings, schema.dataSource(), Obedient.class, Ears.class);
    }
}
