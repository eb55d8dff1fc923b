package dev.kerrera.liberty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.JobService;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobFilter;
import dev.kerrera.job.JobQuery;
import dev.kerrera.job.JobState;
import dev.kerrera.liberty.probe.Table;
import dev.kerrera.testsupport.DemoArchive;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** The crontab and the reindexer on the server's managed timers. */
@ArquillianTest
class CronIT {

    private static final Duration A_MINUTE_AND_A_LITTLE = Duration.ofSeconds(75);

    private static final String SETTINGS = """
            kerrera.queues=default:10,mail:5
            kerrera.cron.entries.boot.expression=@reboot
            kerrera.cron.entries.boot.worker=demo.Exercise
            kerrera.cron.entries.boot.args={"action":"ok"}
            kerrera.cron.entries.minutely.expression=* * * * *
            kerrera.cron.entries.minutely.worker=demo.Exercise
            kerrera.cron.entries.minutely.args={"action":"ok"}
            kerrera.reindexer.enabled=true
            kerrera.reindexer.schedule=* * * * *
            """;

    @Inject
    JobService jobs;

    @Resource(lookup = "jdbc/second")
    DataSource other;

    @Deployment
    static WebArchive application() {
        return DemoArchive.with(CronIT.class, Table.class)
                .addAsResource(new StringAsset(SETTINGS), "META-INF/microprofile-config.properties");
    }

    @Test
    void entries_insert_jobs_that_run() {
        await().atMost(A_MINUTE_AND_A_LITTLE)
                .untilAsserted(() -> assertThat(completed("boot")).hasSize(1));
        await().atMost(A_MINUTE_AND_A_LITTLE)
                .untilAsserted(() -> assertThat(completed("minutely")).isNotEmpty());

        JsonObject meta = completed("minutely").get(0).meta();
        assertThat(meta.getBoolean("cron")).isTrue();
        assertThat(meta.getString("cron_expr")).isEqualTo("* * * * *");
        assertThat(meta.getString("cron_at")).matches("....-..-..T..:..:00Z");
    }

    @Test
    void indexes_are_built_anew() throws Exception {
        String before = file();

        await().atMost(A_MINUTE_AND_A_LITTLE).until(() -> !file().equals(before));
    }

    private List<Job> completed(String entry) {
        JobFilter filter = JobFilter.all().states(JobState.COMPLETED).metaContain(Map.of("cron_name", entry));
        return jobs.find(JobQuery.of(filter)).jobs();
    }

    private String file() throws Exception {
        return new Table(other)
                .value("SELECT relfilenode::text FROM pg_class WHERE oid = 'public.oban_jobs_args_index'::regclass");
    }
}
