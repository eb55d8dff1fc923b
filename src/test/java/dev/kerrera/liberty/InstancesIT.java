package dev.kerrera.liberty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.JobService;
import dev.kerrera.config.OfInstance;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobState;
import dev.kerrera.job.NewJob;
import dev.kerrera.testsupport.DemoArchive;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.util.Map;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Two instances in one application on the server, with a schema and a data source each. */
@ArquillianTest
class InstancesIT {

    private static final String SETTINGS = """
            kerrera.queues=default:10,mail:5
            kerrera.instances=reports
            kerrera.instance.reports.prefix=liberty_reports
            kerrera.instance.reports.datasource=jdbc/second
            kerrera.instance.reports.queues=default:2
            """;

    @Inject
    JobService main;

    @Inject
    @OfInstance("reports")
    JobService reports;

    @Inject
    UserTransaction transaction;

    @Deployment
    static WebArchive application() {
        return DemoArchive.with(InstancesIT.class)
                .addAsResource(new StringAsset(SETTINGS), "META-INF/microprofile-config.properties");
    }

    @Test
    void each_instance_runs_the_jobs_of_its_own_tables() {
        Job job = reports.insert(NewJob.of("demo.Exercise", Map.of("action", "ok")));

        await().until(() -> reports.find(job.id()).orElseThrow().state() == JobState.COMPLETED);
        assertThat(reports.find(job.id()).orElseThrow().queue()).isEqualTo("default");
    }

    @Test
    void jobs_of_both_instances_commit_with_one_transaction() throws Exception {
        transaction.begin();
        Job ours = main.insert(NewJob.of("demo.Exercise", Map.of("action", "ok")));
        Job theirs = reports.insert(NewJob.of("demo.Exercise", Map.of("action", "ok")));
        transaction.commit();

        await().until(() -> main.find(ours.id()).orElseThrow().state() == JobState.COMPLETED);
        await().until(() -> reports.find(theirs.id()).orElseThrow().state() == JobState.COMPLETED);
    }

    @Test
    void jobs_of_both_instances_roll_back_with_one_transaction() throws Exception {
        transaction.begin();
        Job ours = main.insert(NewJob.of("demo.Exercise"));
        Job theirs = reports.insert(NewJob.of("demo.Exercise"));
        transaction.rollback();

        assertThat(main.find(ours.id())).isEmpty();
        assertThat(reports.find(theirs.id())).isEmpty();
    }
}
