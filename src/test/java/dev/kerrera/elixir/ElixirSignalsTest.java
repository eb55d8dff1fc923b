package dev.kerrera.elixir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.JobService;
import dev.kerrera.WeldNode;
import dev.kerrera.queue.QueueScope;
import dev.kerrera.testsupport.TestSchema;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What they tell each other. */
class ElixirSignalsTest extends MixedCluster {

    ElixirSignalsTest(TestSchema schema) {
        super(schema);
    }

    @Test
    void elixir_cancels_what_kerrera_runs() throws SQLException {
        node("java-1");
        long job = insertedByElixir("park");
        await().until(() -> sql.state(job).equals("executing"));

        elixir.cancel(job);

        await().until(() -> sql.row(job).get("errors").contains("cancel"));
        assertThat(sql.state(job)).isEqualTo("cancelled");
        assertThat(sql.row(job)).containsEntry("attempt", "1");
    }

    @Test
    void an_acknowledgement_of_elixirs_that_is_not_guarded_is_not_overwritten() throws SQLException {
        WeldNode java = node("java-1");
        long job = insertedByElixir("park");
        await().until(() -> sql.state(job).equals("executing"));
        elixir.complete(job);

        elixir.signal("{\"action\":\"pkill\",\"job_id\":%d}".formatted(job));

        await().until(() -> check(java, "java").orElseThrow().running().isEmpty());
        assertThat(sql.state(job)).isEqualTo("completed");
    }

    @Test
    void kerrera_obeys_elixirs_signals() throws SQLException {
        WeldNode java = node("java-1");

        elixir.signal("{\"action\":\"pause\",\"ident\":\"any\",\"queue\":\"java\"}");
        await().until(() -> check(java, "java").orElseThrow().paused());
        elixir.signal("{\"action\":\"resume\",\"ident\":\"Oban.java-1\",\"queue\":\"java\"}");
        await().until(() -> !check(java, "java").orElseThrow().paused());
        elixir.signal("{\"action\":\"pause\",\"ident\":\"any\",\"queue\":\"*\"}");
        await().until(() -> check(java, "java").orElseThrow().paused());
        elixir.signal("{\"action\":\"resume\",\"ident\":\"any\",\"queue\":\"*\"}");
        await().until(() -> !check(java, "java").orElseThrow().paused());
        elixir.signal(
                "{\"action\":\"scale\",\"ident\":\"Oban.java-1\",\"limit\":7,\"local_only\":true,\"node\":\"java-1\",\"queue\":\"java\"}");
        await().until(() -> check(java, "java").orElseThrow().limit() == 7);
        elixir.signal(
                "{\"action\":\"scale\",\"ident\":\"any\",\"limit\":8,\"global_limit\":3,\"rate_limit\":null,\"queue\":\"java\"}");
        await().until(() -> check(java, "java").orElseThrow().limit() == 8);
        elixir.signal(
                "{\"action\":\"start\",\"ident\":\"any\",\"limit\":2,\"refresh_interval\":500,\"queue\":\"beta\"}");
        await().until(() -> check(java, "beta").isPresent());
        long job = elixir.insert("beta", "java.Deeds", "{}", 1);
        await().until(() -> sql.state(job).equals("completed"));
        elixir.signal("{\"action\":\"stop\",\"ident\":\"any\",\"queue\":\"beta\"}");
        await().until(() -> check(java, "beta").isEmpty());

        elixir.signal("{\"action\":\"pause\",\"ident\":\"Oban.web.1\",\"queue\":\"java\"}");
        elixir.signal("{\"action\":\"unheard_of\",\"ident\":\"any\",\"queue\":\"java\"}");
        elixir.signal("{\"action\":\"scale\",\"ident\":\"any\",\"limit\":9,\"queue\":\"java\"}");
        await().until(() -> check(java, "java").orElseThrow().limit() == 9);
        assertThat(check(java, "java").orElseThrow().paused())
                .as("by a signal to another")
                .isFalse();
    }

    @Test
    void kerreras_own_orders_are_such_as_elixir_sends() throws SQLException {
        JobService jobs = jobs(node("java-1"));

        jobs.pauseQueue("elixir");
        jobs.resumeQueue("elixir", QueueScope.onNode("web.1"));
        jobs.pauseAllQueues(QueueScope.onNode("web.1"));
        jobs.resumeAllQueues();
        jobs.scaleQueue("elixir", 5);
        jobs.scaleQueue("elixir", 6, QueueScope.onNode("web.1"));
        jobs.startQueue("elixir", 2, QueueScope.onNode("web.1"));
        jobs.stopQueue("elixir", QueueScope.onNode("web.1"));

        await().untilAsserted(() -> assertThat(sentByJava("signal"))
                .containsExactly(
                        "{\"action\":\"pause\",\"ident\":\"any\",\"queue\":\"elixir\"}",
                        "{\"action\":\"resume\",\"ident\":\"Oban.web.1\",\"queue\":\"elixir\"}",
                        "{\"action\":\"pause\",\"ident\":\"Oban.web.1\",\"queue\":\"*\"}",
                        "{\"action\":\"resume\",\"ident\":\"any\",\"queue\":\"*\"}",
                        "{\"action\":\"scale\",\"ident\":\"any\",\"limit\":5,\"queue\":\"elixir\"}",
                        "{\"action\":\"scale\",\"ident\":\"Oban.web.1\",\"limit\":6,\"node\":\"web.1\",\"queue\":\"elixir\"}",
                        "{\"action\":\"start\",\"ident\":\"Oban.web.1\",\"limit\":2,\"queue\":\"elixir\"}",
                        "{\"action\":\"stop\",\"ident\":\"Oban.web.1\",\"queue\":\"elixir\"}"));
    }

    @Test
    void while_elixir_reports_kerrera_does_and_nothing_in_it_breaks_oban_web() throws SQLException {
        WeldNode java = leading("java-1");
        elixir.report();
        insertedByElixir("park");
        jobs(java).insert(deed("ok"));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> Stream.of("gossip", "metrics", "cronitor")
                        .noneMatch(channel -> sentByJava(channel).isEmpty()));
        await().until(() -> sentByJava("gossip").stream().anyMatch(checks -> checks.contains("\"running\":[1]")));
        await().until(() -> sentByJava("metrics").stream().anyMatch(metrics -> metrics.contains("full_count")));
    }
}
