package dev.kerrera.liberty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.liberty.probe.Table;
import dev.kerrera.testsupport.DemoArchive;
import dev.kerrera.testsupport.EmbeddedPostgresServer;
import dev.kerrera.testsupport.ServerProcess;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** An application that comes and goes leaves nothing behind. */
@ArquillianTest
class RedeployIT {

    private static final int TIMES = 3;
    private static final String OWN_CONNECTIONS =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'kerrera-%'";

    private final Table table = new Table(EmbeddedPostgresServer.shared().dataSource());

    @ArquillianResource
    Deployer deployer;

    @Deployment(name = "come-and-go", managed = false, testable = false)
    static WebArchive application() {
        return DemoArchive.with();
    }

    @Deployment(name = "impatient", managed = false, testable = false)
    static WebArchive impatient() {
        return ShrinkWrap.create(WebArchive.class, "impatient.war")
                .merge(DemoArchive.with())
                .addAsResource(
                        new StringAsset("kerrera.queues=default:10,mail:5\nkerrera.shutdown-grace-period=1s"),
                        "META-INF/microprofile-config.properties");
    }

    @Test
    void redeploying_leaks_neither_thread_nor_connection() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            deployer.deploy("come-and-go");
            long job = table.insert("{}");
            await().until(() -> table.state(job).equals("completed"));
            assertThat(ServerProcess.threadsIn("dev.kerrera"))
                    .as("threads while deployed")
                    .isNotEmpty();

            deployer.undeploy("come-and-go");
            assertThat(table.value(OWN_CONNECTIONS)).isEqualTo("0");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() ->
                            assertThat(ServerProcess.threadsIn("dev.kerrera")).isEmpty());
        }
        long left = table.insert("{}");
        assertThat(table.state(left)).isEqualTo("available");
    }

    @Test
    void job_running_at_undeployment_is_waited_for() throws Exception {
        deployer.deploy("come-and-go");
        long job = table.insert("{\"action\":\"sleep\",\"ms\":3000}");
        await().until(() -> table.state(job).equals("executing"));

        deployer.undeploy("come-and-go");

        assertThat(table.state(job)).isEqualTo("completed");
        assertThat(table.column("attempt", job)).isEqualTo("1");
    }

    @Test
    void job_that_outlasts_the_grace_period_goes_back_with_its_attempt() throws Exception {
        deployer.deploy("impatient");
        long job = table.insert("{\"action\":\"sleep\",\"ms\":60000}");
        await().until(() -> table.state(job).equals("executing"));

        deployer.undeploy("impatient");

        assertThat(table.state(job)).isEqualTo("available");
        assertThat(table.column("attempt", job)).isEqualTo("0");
        table.value("DELETE FROM public.oban_jobs WHERE id = cast(? AS bigint) RETURNING id", String.valueOf(job));
    }
}
