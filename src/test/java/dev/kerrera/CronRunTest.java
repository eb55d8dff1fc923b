package dev.kerrera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.Instances;
import dev.kerrera.peer.Peer;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.Schemas;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import dev.kerrera.worker.Cron;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import jakarta.json.JsonArray;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From an annotation or a setting to a job that has run, in a node with two instances. */
@Timeout(60)
class CronRunTest {

    private static final List<String> RUN = new CopyOnWriteArrayList<>();

    private final TestSchema mainSchema = Schemas.borrow();
    private final TestSchema reportsSchema = Schemas.borrow();

    @Work(name = "Echo")
    @Cron(value = "@reboot", name = "start", args = "{\"from\": \"annotation\"}")
    @Cron(value = "@yearly", name = "rarely")
    static class Echo implements Worker<Map<String, Object>> {
        @Override
        public Outcome perform(Map<String, Object> args, JobContext job) {
            RUN.add(args.get("from") + " " + job.job().meta().getString("cron_name"));
            return Outcome.ok();
        }
    }

    @AfterEach
    void giveBack() {
        Schemas.giveBack(mainSchema);
        Schemas.giveBack(reportsSchema);
    }

    @Test
    void annotations_are_the_main_instances_and_settings_those_of_their_own() {
        RUN.clear();
        Instances instances = new Instances(
                TestSettings.of(
                        mainSchema.name(),
                        "kerrera.node",
                        "one",
                        "kerrera.migrate",
                        "false",
                        "kerrera.reindexer.enabled",
                        "true"),
                Map.of(
                        "reports",
                        TestSettings.of(
                                reportsSchema.name(),
                                "kerrera.name",
                                "reports",
                                "kerrera.node",
                                "one",
                                "kerrera.migrate",
                                "false",
                                "kerrera.cron.entries.begin.expression",
                                "@reboot",
                                "kerrera.cron.entries.begin.worker",
                                "Echo",
                                "kerrera.cron.entries.begin.args",
                                "{\"from\": \"settings\"}")));
        RawJobs table = new RawJobs(mainSchema);
        try (WeldNode node = new WeldNode(instances, mainSchema.dataSource(), Echo.class)) {
            await().untilAsserted(
                            () -> assertThat(RUN).containsExactlyInAnyOrder("annotation start", "settings begin"));
            await().until(() -> table.query("SELECT entry FROM ${schema}.kerrera_crons ORDER BY 1")
                    .equals(List.of("$reindexer", "rarely")));
            assertThat(node.get(Nodes.class).main().vitals().loops())
                    .extracting(LoopStatus::name)
                    .contains("The crontab", "The reindexer");
        }

        assertThat(new RawJobs(reportsSchema).query("SELECT entry FROM ${schema}.kerrera_crons"))
                .isEmpty();
        assertThat(new RawJobs(reportsSchema).query("SELECT meta ->> 'cron_name' FROM ${schema}.oban_jobs"))
                .containsExactly("begin");
    }

    @Test
    void oban_web_is_told_the_crontab() {
        List<JsonArray> told = new CopyOnWriteArrayList<>();
        try (WeldNode node = new WeldNode(
                TestSettings.of(mainSchema.name(), "kerrera.migrate", "false"), mainSchema.dataSource(), Echo.class)) {
            await().until(() -> node.get(Peer.class).leads());
            node.get(JobService.class)
                    .listen("cronitor", message -> told.add(message.payload().getJsonArray("crontab")));
            new RawJobs(mainSchema)
                    .query("SELECT pg_notify('${schema}.oban_metrics',"
                            + " '{\"metrics\":[],\"name\":\"Oban\",\"node\":\"web.1\",\"time\":1}')");

            await().until(() -> !told.isEmpty());
        }

        assertThat(told.get(0).getValuesAs(JsonArray.class))
                .extracting(JsonArray::toString)
                .containsExactlyInAnyOrder(
                        "[\"@reboot\",\"Echo\",{\"args\":{\"from\":\"annotation\"}}]", "[\"@yearly\",\"Echo\",{}]");
    }
}
