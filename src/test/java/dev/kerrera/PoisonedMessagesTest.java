package dev.kerrera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.notifier.ListenerStatus;
import dev.kerrera.notifier.Listening;
import dev.kerrera.notifier.Mangled;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.telemetry.NotifierSwitched;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RecordedEvents;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever arrives, a whole node with all that listens in it goes on listening. */
@Tag("long")
@ExtendWith(PooledSchema.class)
@Timeout(300)
class PoisonedMessagesTest {

    private static final List<String> CHANNELS =
            List.of("insert", "signal", "leader", "sonar", "gossip", "metrics", "cronitor");
    private static final RecordedEvents EVENTS = new RecordedEvents();
    private static final int FOREIGN = -1;

    private final Logger log = Logger.getLogger("dev.kerrera");
    private final List<JsonObject> rooms = new CopyOnWriteArrayList<>();
    private final List<JsonObject> application = new CopyOnWriteArrayList<>();
    private final TestSchema schema;
    private WeldNode node;

    @Work(name = "Nothing")
    static class Nothing implements Worker<Map<String, Object>> {
        @Override
        public Outcome perform(Map<String, Object> args, JobContext job) {
            return Outcome.ok();
        }
    }

    @ApplicationScoped
    static class Watcher {
        void on(@Observes NotifierSwitched switched) {
            EVENTS.accept(switched);
        }
    }

    PoisonedMessagesTest(TestSchema schema) {
        this.schema = schema;
    }

    @BeforeEach
    void start() {
        log.setLevel(Level.OFF); // it would be told of each
        int before = EVENTS.of(NotifierSwitched.class).size();
        node = new WeldNode(
                WeldNode.settings(schema.name(), WeldNode.listening(Optional.empty())),
                schema.dataSource(),
                Nothing.class,
                Watcher.class);
        EVENTS.await(NotifierSwitched.class, before + 1);
        node.get(Notifier.class).subscribe("insert", rooms::add);
        node.get(JobService.class).listen("insert", message -> application.add(message.payload()));
    }

    @AfterEach
    void stop() {
        node.close();
        log.setLevel(null);
    }

    @Test
    void a_hundred_thousand_mangled_messages_throw_nothing_and_the_next_good_one_is_heard() {
        Notifier notifier = node.get(Notifier.class);
        Mangled mangled = new Mangled(20_260_101);
        for (int number = 0; number < 100_000; number++) {
            String payload = mangled.next();
            String channel = CHANNELS.get(number % CHANNELS.size());
            try {
                notifier.heard(FOREIGN, full(channel), payload);
            } catch (Throwable thrown) {
                throw new AssertionError("number %d on %s threw: %s".formatted(number, channel, payload), thrown);
            }
        }
        assertThat(rooms).as("some of them were good").hasSizeGreaterThan(1_000);

        notifier.heard(FOREIGN, full("insert"), "{\"queue\":\"the good one\"}");

        assertThat(rooms).last().hasToString("{\"queue\":\"the good one\"}");
        assertAlive();
    }

    @Test
    void mangled_messages_over_the_server_cost_no_connection() throws Exception {
        int before = EVENTS.of(NotifierSwitched.class).size();
        Mangled mangled = new Mangled(7);
        int sent = 0;
        try (Connection connection = schema.dataSource().getConnection()) {
            for (int number = 0; sent < 500; number++) {
                sent += notify(connection, CHANNELS.get(number % CHANNELS.size()), mangled.next()) ? 1 : 0;
            }
            notify(connection, "insert", "{\"queue\":\"the good one\"}");
        }

        await().untilAsserted(() -> assertThat(application).last().hasToString("{\"queue\":\"the good one\"}"));
        assertThat(rooms).last().hasToString("{\"queue\":\"the good one\"}");
        assertThat(EVENTS.of(NotifierSwitched.class)).hasSize(before);
        assertAlive();
    }

    /** Whether the server took it: it carries no NUL, no half character and not everything of any length. */
    private boolean notify(Connection connection, String channel, String payload) {
        try (var statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
            statement.setString(1, full(channel));
            statement.setString(2, payload);
            return statement.execute();
        } catch (SQLException refused) {
            return false;
        }
    }

    private void assertAlive() {
        assertThat(node.get(Listening.class).status().state()).isEqualTo(ListenerStatus.State.LISTENING);
        assertThat(node.get(Listening.class).loops()).hasSize(2).allMatch(LoopStatus::turning);
        assertThat(node.get(Upkeep.class).loops()).allMatch(LoopStatus::turning);
    }

    private String full(String channel) {
        return schema.name() + ".oban_" + channel;
    }
}
