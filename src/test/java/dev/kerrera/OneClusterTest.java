package dev.kerrera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.job.NewJob;
import dev.kerrera.notifier.ListenerStatus;
import dev.kerrera.notifier.Listening;
import dev.kerrera.notifier.Notification;
import dev.kerrera.notifier.Subscription;
import dev.kerrera.telemetry.Connectivity;
import dev.kerrera.telemetry.ConnectivitySwitched;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.RecordedEvents;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whole nodes that hear each other, and what Oban Web hears of them. */
@ExtendWith(PooledSchema.class)
@Timeout(120)
class OneClusterTest {

    private static final Duration LONGER_THAN_TWO_REPORTS = Duration.ofSeconds(3);
    private static final RecordedEvents EVENTS = new RecordedEvents();

    private final List<Notification> heard = new CopyOnWriteArrayList<>();
    private final TestSchema schema;
    private final RawJobs table;

    @Work(name = "Nothing")
    static class Nothing implements Worker<Map<String, Object>> {
        @Override
        public Outcome perform(Map<String, Object> args, JobContext job) {
            return Outcome.ok();
        }
    }

    @ApplicationScoped
    static class Watcher {
        void on(@Observes ConnectivitySwitched switched) {
            EVENTS.accept(switched);
        }
    }

    OneClusterTest(TestSchema schema) {
        this.schema = schema;
        this.table = new RawJobs(schema);
    }

    @Test
    void two_nodes_hear_each_other() {
        try (WeldNode first = node("first", Watcher.class)) {
            await().until(() -> status(first) == Connectivity.SOLITARY);
            assertThat(EVENTS.await(ConnectivitySwitched.class, 1))
                    .last()
                    .extracting(ConnectivitySwitched::nodes)
                    .isEqualTo(List.of("first"));

            try (WeldNode second = node("second")) {
                await().until(() -> status(first) == Connectivity.CLUSTERED);
                await().atMost(Duration.ofSeconds(20)).until(() -> status(second) == Connectivity.CLUSTERED);
                assertThat(second.get(Listening.class).sonar().nodes()).containsExactly("first", "second");
            }
        }
    }

    @Test
    void nodes_of_kerreras_alone_send_oban_web_nothing() {
        try (WeldNode first = node("first", Nothing.class);
                WeldNode second = node("second", Nothing.class)) {
            first.get(JobService.class).insert(NewJob.of("Nothing"));
            listen(second);

            await().during(LONGER_THAN_TWO_REPORTS)
                    .atMost(Duration.ofSeconds(10))
                    .until(heard::isEmpty);
        }
    }

    @Test
    void oban_web_hears_of_queues_runs_counts_and_crontabs_while_an_elixir_node_reports() {
        try (WeldNode node = node("java-1", Nothing.class)) {
            listen(node);
            table.query(("SELECT pg_notify('%s.oban_metrics',"
                            + " '{\"metrics\":[],\"name\":\"Oban\",\"node\":\"web.1\",\"time\":1}')")
                    .formatted(schema.name()));

            await().until(() -> payloads("gossip")
                    .anyMatch(message -> message.getJsonArray("checks")
                            .getJsonObject(0)
                            .getString("node")
                            .equals("java-1")));
            await().until(() -> payloads("cronitor").findAny().isPresent());
            node.get(JobService.class).insert(NewJob.of("Nothing"));

            await().until(() -> metric("exec_count").isPresent());
            assertThat(metric("exec_time")).isPresent();
            assertThat(metric("wait_time").orElseThrow().getString("state")).isEqualTo("completed");
            await("the leader counts").until(() -> metric("full_count").isPresent());
            assertThat(metric("full_count").orElseThrow().getString("queue")).isEqualTo("default");
        }
    }

    @Test
    void an_application_hears_a_channel_that_it_names_while_it_runs() {
        try (WeldNode first = node("first");
                WeldNode second = node("second")) {
            try (Subscription prices = second.get(JobService.class).listen("prices", heard::add)) {
                assertThat(prices.channel()).isEqualTo("prices");
                first.get(JobService.class).publish("prices", List.of(Map.of("n", 1), Map.of("n", 2)));
                first.get(JobService.class).publish("prices", List.of());
                first.get(JobService.class).publish("prices", Map.of("n", 3));

                await().until(() -> heard.size() == 3);
                assertThat(payloads("prices").map(message -> message.getInt("n")))
                        .containsExactly(1, 2, 3);
            }
            first.get(JobService.class).publish("prices", Map.of("n", 4));
            listen(second);
            first.get(JobService.class).publish("gossip", Map.of("n", 5));
            await().until(() -> payloads("gossip").findAny().isPresent());
            assertThat(payloads("prices")).hasSize(3);
        }
    }

    /** A node that has its connection: what is sent before would be lost. */
    private WeldNode node(String name, Class<?>... beans) {
        WeldNode node = new WeldNode(
                WeldNode.settings(name, schema.name(), Duration.ofMillis(100), WeldNode.listening(Optional.empty())),
                schema.dataSource(),
                beans);
        await().until(() -> node.get(Listening.class).status().state() == ListenerStatus.State.LISTENING);
        return node;
    }

    private void listen(WeldNode node) {
        for (String channel : List.of("gossip", "metrics", "cronitor")) {
            node.get(JobService.class).listen(channel, heard::add);
        }
    }

    private Stream<JsonObject> payloads(String channel) {
        return heard.stream()
                .filter(message -> message.channel().equals(channel))
                .map(Notification::payload);
    }

    private Optional<JsonObject> metric(String series) {
        return payloads("metrics")
                .flatMap(message -> message.getJsonArray("metrics").getValuesAs(JsonObject.class).stream())
                .filter(metric -> metric.getString("series").equals(series))
                .findFirst();
    }

    private static Connectivity status(WeldNode node) {
        return node.get(Listening.class).sonar().status();
    }
}
