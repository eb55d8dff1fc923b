package dev.kerrera.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.WeldNode;
import dev.kerrera.config.Instances;
import dev.kerrera.config.Settings;
import dev.kerrera.db.migration.Migrator;
import dev.kerrera.maintenance.Stager;
import dev.kerrera.testsupport.EmbeddedPostgresServer;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import java.lang.reflect.Field;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;

@ExtendWith(PooledSchema.class)
@Timeout(60)
class HealthTest {

    private final Outage database = new Outage(EmbeddedPostgresServer.shared().dataSource());
    private final TestSchema schema;
    private WeldNode node;

    /** A queue runs where there are workers. */
    @Work
    static class Idle implements Worker<String> {
        @Override
        public Outcome perform(String args, JobContext job) {
            return Outcome.ok();
        }
    }

    HealthTest(TestSchema schema) {
        this.schema = schema;
    }

    @BeforeAll
    static void answer() {
        HealthCheckResponse.setResponseProvider(new Responses());
    }

    @AfterAll
    static void answer_no_more() {
        HealthCheckResponse.setResponseProvider(null);
    }

    @AfterEach
    void stop() {
        database.end();
        if (node != null) {
            node.close();
        }
    }

    @Test
    void a_node_that_works_is_up_in_every_way() {
        start(Optional.empty());
        await().until(() -> "solitary".equals(data(ReadyCheck.class).get("connectivity")));

        HealthCheckResponse ready = call(ReadyCheck.class);
        assertThat(ready.getName()).isEqualTo("kerrera-ready");
        assertThat(ready.getStatus()).isEqualTo(Status.UP);
        assertThat(ready.getData().orElseThrow())
                .containsEntry("database", "answers")
                .containsEntry("listener", "listening")
                .containsEntry("connectivity.nodes", "weld-1")
                .containsEntry("queue.default", "running, 0 of 3 jobs")
                .containsKey("node");
        assertThat(call(StartedCheck.class).getStatus()).isEqualTo(Status.UP);
        assertThat(data(StartedCheck.class).get("schema").toString()).contains("schema " + schema.name());
        assertThat(call(LiveCheck.class).getStatus()).isEqualTo(Status.UP);
        assertThat(data(LiveCheck.class))
                .containsOnlyKeys(
                        "The listener",
                        "The sonar",
                        "The report to Oban Web",
                        "Polling for jobs",
                        "The heartbeat",
                        "Looking for lasting orders",
                        "The stager",
                        "The lifeline",
                        "The pruner",
                        "The election",
                        "The sonar");
    }

    @Test
    void a_listener_that_is_down_is_told_and_the_node_stays_ready() {
        start(Optional.of("jdbc:postgresql://127.0.0.1:1/nowhere"));
        await().until(() ->
                String.valueOf(data(ReadyCheck.class).get("listener.reason")).contains("refused"));

        HealthCheckResponse ready = call(ReadyCheck.class);
        assertThat(ready.getStatus()).isEqualTo(Status.UP);
        assertThat(ready.getData().orElseThrow())
                .containsEntry("listener", "disconnected")
                .containsEntry("connectivity", "unknown");
        assertThat(call(LiveCheck.class).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void a_node_without_database_is_not_ready_but_alive_and_recovers() {
        start(Optional.empty());
        assertThat(call(ReadyCheck.class).getStatus()).isEqualTo(Status.UP);

        database.begin();
        HealthCheckResponse ready = call(ReadyCheck.class);
        assertThat(ready.getStatus()).isEqualTo(Status.DOWN);
        assertThat(ready.getData().orElseThrow()).containsEntry("database", "the database is away");
        assertThat(call(LiveCheck.class).getStatus())
                .as("a restart would not help")
                .isEqualTo(Status.UP);
        assertThat(call(StartedCheck.class).getStatus()).isEqualTo(Status.UP);

        database.end();
        assertThat(call(ReadyCheck.class).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void a_node_that_has_not_started_says_why_and_starts_with_its_database() {
        database.begin();
        start(Optional.empty());

        assertThat(call(StartedCheck.class).getStatus()).isEqualTo(Status.DOWN);
        assertThat(data(StartedCheck.class).get("schema").toString()).contains("the database is away");
        assertThat(call(ReadyCheck.class).getStatus()).isEqualTo(Status.DOWN);
        assertThat(call(LiveCheck.class).getStatus()).isEqualTo(Status.UP);

        database.end();
        await().until(() -> call(StartedCheck.class).getStatus() == Status.UP);
        assertThat(call(ReadyCheck.class).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void a_node_that_has_not_started_is_not_ready_even_if_its_database_answers() {
        database.beginFor(Migrator.class);
        start(Optional.empty());

        HealthCheckResponse ready = call(ReadyCheck.class);
        assertThat(ready.getStatus()).isEqualTo(Status.DOWN);
        assertThat(ready.getData().orElseThrow()).containsEntry("database", "answers");
        assertThat(ready.getData().orElseThrow().get("node").toString()).contains("the database is away");
    }

    @Test
    void a_named_instance_without_its_database_is_told_and_takes_nothing_out_of_service() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setURL("jdbc:postgresql://127.0.0.1:1/nowhere");
        node = new WeldNode(
                new Instances(
                        WeldNode.settings(schema.name(), WeldNode.listening(Optional.empty())),
                        Map.of(
                                "reports",
                                TestSettings.of(
                                        "reports",
                                        "kerrera.datasource",
                                        "jdbc/reports",
                                        "kerrera.notifier.mode",
                                        "poll"))),
                Map.of("jdbc/kerrera", schema.dataSource(), "jdbc/reports", nowhere),
                Idle.class);

        assertThat(call(ReadyCheck.class).getStatus()).isEqualTo(Status.UP);
        assertThat(data(ReadyCheck.class)).containsEntry("database", "answers");
        assertThat(data(ReadyCheck.class).get("reports.database").toString()).contains("refused");
        assertThat(call(StartedCheck.class).getStatus()).isEqualTo(Status.UP);
        assertThat(data(StartedCheck.class).get("reports.schema").toString()).contains("refused");
    }

    @Test
    void a_loop_that_is_stuck_makes_the_node_dead() throws Exception {
        start(Optional.empty());
        database.hang();
        await().until(database::hangsStager);
        assertThat(call(LiveCheck.class).getStatus()).isEqualTo(Status.UP);

        turnBack(node.get(Stager.class));

        await().untilAsserted(() -> {
            assertThat(call(LiveCheck.class).getStatus()).isEqualTo(Status.DOWN);
        });
        assertThat(data(LiveCheck.class).get("The stager").toString()).matches("turned \\d{6,} ms ago");
        database.end();
        await().until(() -> call(LiveCheck.class).getStatus() == Status.UP);
    }

    /** As if the stager had last turned ten minutes ago. */
    private static void turnBack(Stager stager) throws ReflectiveOperationException {
        Object pulse = read(read(read(stager, "duty"), "interval"), "pulse");
        Field last = pulse.getClass().getDeclaredField("last");
        last.setAccessible(true);
        last.setLong(pulse, last.getLong(pulse) - 600_000_000_000L);
    }

    private static Object read(Object owner, String name) throws ReflectiveOperationException {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }

    private void start(Optional<String> listenTo) {
        Settings settings = WeldNode.settings(schema.name(), WeldNode.listening(listenTo));
        node = new WeldNode(settings, database, Idle.class);
    }

    private HealthCheckResponse call(Class<? extends HealthCheck> check) {
        return node.get(check).call();
    }

    private Map<String, Object> data(Class<? extends HealthCheck> check) {
        return call(check).getData().orElseThrow();
    }

    /** A data source whose server can go away or stop answering. */
    private static final class Outage extends PGSimpleDataSource {

        private static final long serialVersionUID = 1L;

        private final transient PGSimpleDataSource real;
        private transient Class<?> caller = Object.class;
        private boolean away;
        private boolean hanging;
        private boolean stagerWaits;

        Outage(PGSimpleDataSource real) {
            this.real = real;
        }

        synchronized void begin() {
            beginFor(Object.class);
        }

        /** For that caller alone, when it is not {@code Object}. */
        synchronized void beginFor(Class<?> caller) {
            this.caller = caller;
            away = true;
        }

        synchronized void hang() {
            hanging = true;
        }

        synchronized void end() {
            away = false;
            hanging = false;
            notifyAll();
        }

        /** Whether the stager waits for an answer. */
        synchronized boolean hangsStager() {
            return stagerWaits;
        }

        @Override
        public Connection getConnection() throws SQLException {
            pass();
            return real.getConnection();
        }

        private static boolean isCalling(Class<?> type) {
            return StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getClassName().equals(type.getName())));
        }

        private synchronized void pass() throws SQLException {
            boolean stager = isCalling(Stager.class);
            try {
                while (hanging) {
                    stagerWaits |= stager;
                    wait();
                }
            } catch (InterruptedException stop) {
                throw new SQLException(stop);
            }
            if (away && (caller == Object.class || isCalling(caller))) {
                throw new SQLException("the database is away");
            }
        }
    }
}
