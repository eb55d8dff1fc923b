package dev.kerrera.liberty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.Nodes;
import dev.kerrera.liberty.probe.Table;
import dev.kerrera.notifier.ListenerStatus.State;
import dev.kerrera.testsupport.DemoArchive;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs put in by others: found without a notification, found fast with one, and found while the listener is away. */
@ArquillianTest
class NotificationsIT {

    private static final System.Logger LOG = System.getLogger(NotificationsIT.class.getName());
    private static final int WARM_UP = 100;
    private static final int MEASURED = 100;
    private static final String LISTENER = "application_name = 'kerrera-listener'";

    @Inject
    Nodes nodes;

    @Resource(lookup = "jdbc/kerrera")
    DataSource dataSource;

    Table table;

    @Deployment
    static WebArchive application() {
        return DemoArchive.with(NotificationsIT.class, Table.class);
    }

    @BeforeEach
    void open() {
        table = new Table(dataSource);
        await().until(() -> nodes.vitals().get("").listener().state() == State.LISTENING);
    }

    @Test
    void row_inserted_without_a_word_is_found_by_polling() throws SQLException {
        long id = table.insert("{}");

        await().atMost(Duration.ofSeconds(5)).until(() -> table.state(id).equals("completed"));
    }

    @Test
    void row_announced_by_a_notification_is_started_within_fifty_milliseconds() throws SQLException {
        for (int i = 0; i < WARM_UP; i++) {
            announcedLatency();
        }
        List<Double> latencies = new ArrayList<>();
        for (int i = 0; i < MEASURED; i++) {
            latencies.add(announcedLatency());
        }

        latencies.sort(null);
        double median = latencies.get(MEASURED / 2);
        LOG.log(System.Logger.Level.INFO, "median start after a notification: %.2f ms".formatted(median));
        assertThat(median).isLessThan(50);
    }

    @Test
    void listener_that_was_killed_comes_back_and_misses_no_job() throws SQLException {
        String killed = table.value("SELECT pid FROM pg_stat_activity WHERE " + LISTENER);
        List<Long> jobs = new ArrayList<>();
        jobs.add(table.insert("{}"));
        table.value("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + LISTENER);
        jobs.add(insertAndNotify());

        await().until(() -> table.value(
                        "SELECT count(*) FROM pg_stat_activity WHERE " + LISTENER + " AND pid <> cast(? AS int)",
                        killed)
                .equals("1"));
        await().until(() -> nodes.vitals().get("").listener().state() == State.LISTENING);
        jobs.add(insertAndNotify());
        for (long id : jobs) {
            await().until(() -> table.state(id).equals("completed"));
        }
    }

    @Test
    void undecodable_message_does_not_stop_the_listener() throws SQLException {
        for (String garbage : List.of("", "not json", "[]", "42", "Z:???", "H4sInonsense", "{\"queue\":{}}")) {
            table.value("SELECT pg_notify('public.oban_insert', ?)", garbage);
        }
        long id = insertAndNotify();

        await().until(() -> table.state(id).equals("completed"));
        assertThat(nodes.vitals().get("").listener().state()).isEqualTo(State.LISTENING);
    }

    private double announcedLatency() throws SQLException {
        long id = insertAndNotify();
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> table.state(id).equals("completed"));
        return Double.parseDouble(table.column("1000 * extract(epoch FROM attempted_at - inserted_at)", id));
    }

    /** Both in one statement, as a node of another language does it in one transaction. */
    private long insertAndNotify() throws SQLException {
        return Long.parseLong(
                table.value("WITH job AS (INSERT INTO public.oban_jobs (worker) VALUES ('demo.Exercise') RETURNING id)"
                        + " SELECT id, pg_notify('public.oban_insert', '{\"queue\":\"default\"}') FROM job"));
    }
}
