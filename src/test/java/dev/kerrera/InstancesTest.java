package dev.kerrera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.Instances;
import dev.kerrera.config.OfInstance;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobState;
import dev.kerrera.notifier.Gossip;
import dev.kerrera.notifier.ListenerStatus;
import dev.kerrera.notifier.Notification;
import dev.kerrera.peer.Peer;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.Schemas;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two instances in one application, each with a schema of its own. */
@Timeout(60)
class InstancesTest {

    private final TestSchema mainSchema = Schemas.borrow();
    private final TestSchema reportsSchema = Schemas.borrow();
    private WeldNode node;
    private JobService main;
    private JobService reports;

    @Work(name = "Echo")
    static class Echo implements Worker<Map<String, Object>> {
        @Override
        public Outcome perform(Map<String, Object> args, JobContext job) {
            return Outcome.ok();
        }
    }

    @ApplicationScoped
    static class Ears {
        static final List<String> HEARD = new CopyOnWriteArrayList<>();

        void main(@Observes @Gossip Notification message) {
            HEARD.add("main " + message.payload());
        }

        void mainLater(@ObservesAsync @Gossip Notification message) {
            HEARD.add("main later " + message.payload());
        }

        void reports(@Observes @Gossip @OfInstance("reports") Notification message) {
            HEARD.add("reports " + message.payload());
        }

        void reportsLater(@ObservesAsync @Gossip @OfInstance("reports") Notification message) {
            HEARD.add("reports later " + message.payload());
        }

        void ended(@Observes JobStopped stopped) {
            HEARD.add("main ended " + stopped.job().id());
        }

        void reportsEnded(@Observes @OfInstance("reports") JobStopped stopped) {
            HEARD.add("reports ended " + stopped.job().id());
        }
    }

    @BeforeEach
    void start() {
        Ears.HEARD.clear();
        node = new WeldNode(
                new Instances(
                        TestSettings.of(mainSchema.name(), "kerrera.node", "one", "kerrera.migrate", "false"),
                        Map.of(
                                "reports",
                                TestSettings.of(
                                        reportsSchema.name(),
                                        "kerrera.name",
                                        "reports",
                                        "kerrera.node",
                                        "one",
                                        "kerrera.migrate",
                                        "false"))),
                mainSchema.dataSource(),
                Echo.class,
                Ears.class);
        main = node.get(JobService.class);
        reports = node.jobs("reports");
        await().until(() -> node.get(Nodes.class).vitals().values().stream()
                .allMatch(vitals -> vitals.listener().state() == ListenerStatus.State.LISTENING));
    }

    @AfterEach
    void stop() {
        node.close();
        Schemas.giveBack(mainSchema);
        Schemas.giveBack(reportsSchema);
    }

    @Test
    void each_stores_and_runs_its_own_jobs() {
        Job ours = main.insert(Echo.class, Map.of());
        Job theirs = reports.insert(Echo.class, Map.of());
        Job theirSecond = reports.insert(Echo.class, Map.of());

        await().until(() -> state(main, ours) == JobState.COMPLETED);
        await().until(() -> state(reports, theirs) == JobState.COMPLETED);
        await().until(() -> state(reports, theirSecond) == JobState.COMPLETED);
        assertThat(main.find(theirSecond.id())).isEmpty();
        await().untilAsserted(() -> assertThat(Ears.HEARD)
                .containsExactlyInAnyOrder(
                        "main ended " + ours.id(),
                        "reports ended " + theirs.id(),
                        "reports ended " + theirSecond.id()));
    }

    @Test
    void notifications_of_one_never_reach_the_observers_of_the_other() {
        main.publish("gossip", Map.of("n", 1));
        reports.publish("gossip", Map.of("n", 2));
        main.publish("gossip", Map.of("n", 3));
        reports.publish("gossip", Map.of("n", 4));

        main.publish("gossip", Map.of("n", 5));
        reports.publish("gossip", Map.of("n", 6));
        await().until(() -> Ears.HEARD.containsAll(
                List.of("main {\"n\":5}", "main later {\"n\":5}", "reports {\"n\":6}", "reports later {\"n\":6}")));
        assertThat(Ears.HEARD)
                .containsExactlyInAnyOrder(
                        "main {\"n\":1}",
                        "main later {\"n\":1}",
                        "main {\"n\":3}",
                        "main later {\"n\":3}",
                        "main {\"n\":5}",
                        "main later {\"n\":5}",
                        "reports {\"n\":6}",
                        "reports later {\"n\":6}",
                        "reports {\"n\":2}",
                        "reports later {\"n\":2}",
                        "reports {\"n\":4}",
                        "reports later {\"n\":4}");
    }

    @Test
    void each_has_a_leader_of_its_own() {
        await().until(() -> node.get(Peer.class).leads());
        await().until(() -> node.get(Nodes.class).of("reports").peer().leads());

        assertThat(leaders(mainSchema)).containsExactly("Kerrera");
        assertThat(leaders(reportsSchema)).containsExactly("reports");
    }

    @Test
    void an_instance_nobody_configured_is_an_error() {
        assertThatThrownBy(() -> node.get(Nodes.class).of("audit"))
                .hasMessage("there is no instance 'audit': kerrera.instances has [reports]");
    }

    private static JobState state(JobService jobs, Job job) {
        return jobs.find(job.id()).orElseThrow().state();
    }

    private static List<String> leaders(TestSchema schema) {
        return new RawJobs(schema).query("SELECT name FROM ${schema}.oban_peers");
    }
}
