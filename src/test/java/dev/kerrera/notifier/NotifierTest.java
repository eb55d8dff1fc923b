package dev.kerrera.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.Settings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.task.BareCode;
import dev.kerrera.task.Patience;
import dev.kerrera.telemetry.KerreraEvent;
import dev.kerrera.telemetry.Telemetry;
import dev.kerrera.testsupport.CallersConnection;
import dev.kerrera.testsupport.EmbeddedPostgresServer;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PooledSchema.class)
@Timeout(60)
class NotifierTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final FakeTransactions transactions = new FakeTransactions();
    private final List<JsonObject> woken = new CopyOnWriteArrayList<>();
    private final List<JsonObject> signals = new CopyOnWriteArrayList<>();
    private final List<Notification> relayed = new CopyOnWriteArrayList<>();
    private final TestSchema schema;
    private final Wiretap wiretap;
    private DataSource dataSource;
    private Publisher publisher;
    private Notifier notifier;

    NotifierTest(TestSchema schema) throws SQLException {
        this.schema = schema;
        this.dataSource = schema.dataSource();
        this.wiretap = new Wiretap(full("insert"), full("gossip"), full("signal"));
        make(true, false);
    }

    @AfterEach
    void stop() throws SQLException {
        publisher.stop();
        threads.shutdownNow();
        wiretap.close();
    }

    @Nested
    class Announcing {

        @Test
        void queues_hear_of_jobs_after_the_commit_only() throws Exception {
            transactions.begin();
            notifier.announce("mail");
            assertThat(woken).isEmpty();
            assertThat(wiretap.payloads()).isEmpty();

            transactions.commit();

            assertThat(woken).containsExactly(message("queue", "mail"));
            assertThat(wiretap.until("{\"queue\":\"mail\"}"))
                    .last()
                    .extracting(Wiretap.Heard::channel)
                    .isEqualTo(full("insert"));
        }

        @Test
        void a_rollback_announces_nothing() throws Exception {
            transactions.begin();
            notifier.announce("mail");
            transactions.rollBack();

            assertThat(woken).isEmpty();
            assertThat(sentAfterAll()).isEmpty();
        }

        @Test
        void a_transaction_that_can_only_roll_back_announces_nothing() throws Exception {
            transactions.begin();
            transactions.setRollbackOnly();
            notifier.announce("mail");
            transactions.rollBack();

            assertThat(woken).isEmpty();
            assertThat(sentAfterAll()).isEmpty();
        }

        @Test
        void a_thousand_jobs_of_a_queue_in_one_transaction_are_one_message() throws Exception {
            transactions.begin();
            IntStream.range(0, 1_000).forEach(job -> notifier.announce("mail"));
            notifier.announce("push");
            notifier.announce("mail");
            transactions.commit();

            assertThat(woken).containsExactly(message("queue", "mail"), message("queue", "push"));
            assertThat(sentAfterAll()).containsExactly("{\"queue\":\"mail\"}", "{\"queue\":\"push\"}");
        }

        @Test
        void each_transaction_announces_for_itself() throws Exception {
            for (String queue : List.of("mail", "push")) {
                transactions.begin();
                notifier.announce(queue);
                transactions.commit();
            }

            assertThat(woken).containsExactly(message("queue", "mail"), message("queue", "push"));
            assertThat(sentAfterAll()).containsExactly("{\"queue\":\"mail\"}", "{\"queue\":\"push\"}");
        }

        @Test
        void without_a_transaction_it_is_told_at_once() throws Exception {
            notifier.announce("mail");

            assertThat(woken).containsExactly(message("queue", "mail"));
            wiretap.until("{\"queue\":\"mail\"}");
        }

        @Test
        void a_local_announcement_is_not_sent() throws Exception {
            notifier.announceLocally("mail");

            assertThat(woken).containsExactly(message("queue", "mail"));
            assertThat(sentAfterAll()).isEmpty();
        }

        @Test
        void a_queue_that_fails_to_wake_keeps_nobody_from_hearing() throws Exception {
            notifier.subscribe("insert", message -> {
                throw new IllegalStateException("cannot wake");
            });
            List<JsonObject> next = new CopyOnWriteArrayList<>();
            notifier.subscribe("insert", next::add);

            notifier.announce("mail");

            assertThat(next).hasSize(1);
            wiretap.until("{\"queue\":\"mail\"}");
        }
    }

    @Nested
    class Publishing {

        @Test
        void messages_go_out_in_order_after_the_commit_and_equal_ones_all_of_them() throws Exception {
            List<String> numbers = IntStream.range(0, 50)
                    .mapToObj(number -> String.valueOf(number % 20))
                    .toList();
            transactions.begin();
            numbers.forEach(number -> notifier.publish("gossip", message("n", number)));
            assertThat(wiretap.payloads()).isEmpty();
            transactions.commit();

            assertThat(sentAfterAll())
                    .containsExactlyElementsOf(numbers.stream()
                            .map(number -> "{\"n\":\"" + number + "\"}")
                            .toList());
        }

        @Test
        void a_rollback_publishes_nothing() throws Exception {
            transactions.begin();
            notifier.publish("gossip", message("n", "1"));
            transactions.rollBack();

            assertThat(sentAfterAll()).isEmpty();
        }

        @Test
        void several_at_once_go_out_in_order_and_none_sends_nothing() throws Exception {
            notifier.publish("gossip", List.of());
            notifier.publish("gossip", List.of(message("n", "1"), message("n", "2"), message("n", "1")));
            notifier.publish("gossip", List.of());

            assertThat(sentAfterAll()).containsExactly("{\"n\":\"1\"}", "{\"n\":\"2\"}", "{\"n\":\"1\"}");
        }

        @Test
        void of_several_at_once_one_that_is_too_large_keeps_all_back() throws Exception {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            notifier.publish("gossip", List.of(message("n", "1"), message("n", noise(40_000)))));

            assertThat(sentAfterAll()).isEmpty();
        }

        @Test
        void what_is_sent_now_does_not_wait_for_the_commit() throws Exception {
            transactions.begin();
            notifier.send("gossip", message("n", "1"));
            wiretap.until("{\"n\":\"1\"}");
            transactions.rollBack();
        }

        @Test
        void what_cannot_be_sent_is_refused_at_once() {
            transactions.begin();

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> notifier.publish("gossip", message("n", noise(40_000))))
                    .withMessageContaining("PostgreSQL carries at most 7999");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> notifier.publish("x".repeat(60), message("n", "1")))
                    .withMessageContaining("longer than 63 bytes");
        }

        @Test
        void a_listening_node_observes_its_own_message_only_when_it_hears_it() throws Exception {
            notifier.publish("gossip", message("n", "1"));
            wiretap.until("{\"n\":\"1\"}");
            assertThat(relayed).isEmpty();
        }
    }

    @Nested
    class Hearing {

        @Test
        void a_message_goes_to_subscribers_and_to_the_application() {
            hear(1, "insert", "{\"queue\":\"mail\"}");

            assertThat(woken).containsExactly(message("queue", "mail"));
            assertRelayed(new Notification("insert", message("queue", "mail")));
        }

        @Test
        void an_own_wake_up_does_not_wake_twice_but_reaches_the_application() throws Exception {
            notifier.announce("mail");
            Wiretap.Heard own = wiretap.until("{\"queue\":\"mail\"}").get(0);
            assertThat(woken).hasSize(1);

            notifier.heard(own.backend(), own.channel(), own.payload());
            assertThat(woken).as("after its own message").hasSize(1);
            assertRelayed(new Notification("insert", message("queue", "mail")));

            notifier.heard(wiretap.backend(), own.channel(), own.payload());
            assertThat(woken).as("after another node's message").hasSize(2);
        }

        @Test
        void an_own_signal_is_obeyed_at_once_after_the_commit_and_once_and_observed_once() throws Exception {
            transactions.begin();
            notifier.publish("signal", message("action", "stop"));
            assertThat(signals).isEmpty();
            transactions.commit();
            assertThat(signals).as("without having heard anything").containsExactly(message("action", "stop"));
            assertThat(relayed).isEmpty();

            Wiretap.Heard own = wiretap.until("{\"action\":\"stop\"}").get(0);
            notifier.heard(own.backend(), own.channel(), own.payload());
            assertThat(signals).as("after its own message").hasSize(1);
            assertRelayed(new Notification("signal", message("action", "stop")));

            notifier.heard(wiretap.backend(), own.channel(), own.payload());
            assertThat(signals).as("after another node's message").hasSize(2);
        }

        @Test
        void an_own_signal_that_says_how_a_queue_is_to_be_is_obeyed_again_in_the_order_of_the_server()
                throws Exception {
            notifier.publish("signal", message("action", "pause"));
            Wiretap.Heard own = wiretap.until("{\"action\":\"pause\"}").get(0);

            notifier.heard(wiretap.backend(), own.channel(), "{\"action\":\"resume\"}");
            notifier.heard(own.backend(), own.channel(), own.payload());

            assertThat(signals)
                    .containsExactly(
                            message("action", "pause"), message("action", "resume"), message("action", "pause"));
        }

        @Test
        void an_own_signal_to_another_node_is_not_obeyed() throws Exception {
            notifier.publish("signal", message("ident", "Kerrera.web-2"));
            notifier.publish("signal", message("ident", "Kerrera.web-1"));
            wiretap.until("{\"ident\":\"Kerrera.web-1\"}");

            assertThat(signals).containsExactly(message("ident", "Kerrera.web-1"));
        }

        @Test
        void a_signal_of_a_rollback_is_not_obeyed() {
            transactions.begin();
            notifier.publish("signal", message("action", "pause"));
            transactions.rollBack();

            assertThat(signals).isEmpty();
        }

        @Test
        void messages_for_other_nodes_are_dropped() {
            hear(1, "insert", "{\"queue\":\"a\",\"ident\":\"Kerrera.web-2\"}");
            hear(1, "insert", "{\"queue\":\"b\",\"ident\":7}");
            hear(1, "insert", "{\"queue\":\"c\",\"ident\":\"Kerrera.web-1\"}");
            hear(1, "insert", "{\"queue\":\"d\",\"ident\":\"any\"}");

            assertThat(woken).extracting(message -> message.getString("queue")).containsExactly("c", "d");
            await().until(() -> relayed.size() == 2);
        }

        @Test
        void channels_of_other_prefixes_are_dropped() {
            notifier.heard(1, "elsewhere.oban_insert", "{\"queue\":\"mail\"}");
            hear(1, "insert", "{\"queue\":\"push\"}");

            assertThat(woken).containsExactly(message("queue", "push"));
            assertRelayed(new Notification("insert", message("queue", "push")));
        }

        @Test
        void a_sweep_that_fails_keeps_no_other_from_running() {
            List<String> swept = new CopyOnWriteArrayList<>();
            notifier.onListening(() -> {
                throw new IllegalStateException("cannot sweep");
            });
            notifier.onListening(() -> swept.add("second"));

            notifier.listening();

            assertThat(swept).containsExactly("second");
        }

        @Test
        void nothing_that_arrives_stops_the_listener() throws Exception {
            notifier.subscribe("insert", message -> {
                if (message.containsKey("boom")) {
                    throw new IllegalStateException("boom");
                }
            });
            List<KerreraEvent> events = new CopyOnWriteArrayList<>();
            ListenLoop loop = new ListenLoop(
                    new Connector(settings(true, false).notifier(), dataSource, Runnable::run),
                    new Channels(List.of(full("insert"))),
                    notifier,
                    new Patience(Duration.ofMillis(100), () -> 0),
                    new Telemetry(List.of(events::add)));
            threads.execute(loop);
            await().until(() -> loop.status().state() == ListenerStatus.State.LISTENING);

            for (String payload : List.of("garbage", "", "[]", "42", "Z:", "H4sI", "{\"a\":" + "[".repeat(3_000))) {
                wiretap.notify(full("insert"), payload);
            }
            wiretap.notify(full("insert"), "{\"boom\":true}");
            wiretap.notify(full("insert"), "{\"queue\":\"mail\"}");

            await().until(() -> woken.contains(message("queue", "mail")));
            loop.stop();
            assertThat(events).as("the connection was never lost").hasSize(1);
        }
    }

    @Nested
    class Transactional {

        private Connection callers;

        @AfterEach
        void close() throws SQLException {
            callers.close();
        }

        @Test
        void messages_are_part_of_the_callers_transaction() throws Exception {
            begin(true);
            notifier.announce("mail");
            notifier.publish("gossip", message("n", "1"));
            assertThat(wiretap.payloads()).isEmpty();
            assertThat(woken).isEmpty();

            callers.commit();
            assertThat(wiretap.payloads()).containsExactly("{\"queue\":\"mail\"}", "{\"n\":\"1\"}");

            transactions.commit();
            assertThat(woken).containsExactly(message("queue", "mail"));
            assertThat(sentAfterAll()).as("nothing goes out a second time").hasSize(2);
        }

        @Test
        void an_own_signal_is_obeyed_once_whichever_connection_carried_it() throws Exception {
            begin(true);
            notifier.publish("signal", message("action", "stop"));
            callers.commit();
            Wiretap.Heard own = wiretap.until("{\"action\":\"stop\"}").get(0);

            notifier.heard(own.backend(), own.channel(), own.payload());
            assertThat(signals)
                    .as("it comes back before the transaction is over")
                    .isEmpty();
            transactions.commit();
            assertThat(signals).containsExactly(message("action", "stop"));
            assertRelayed(new Notification("signal", message("action", "stop")));

            notifier.heard(own.backend(), own.channel(), own.payload());
            assertThat(signals)
                    .as("the same from somebody else behind a pooler")
                    .hasSize(2);
        }

        @Test
        void without_a_transaction_several_are_sent_in_one_of_their_own() throws Exception {
            callers = schema.dataSource().getConnection();
            dataSource = schema.dataSource();
            make(true, true);

            notifier.publish("gossip", List.of(message("n", "1"), message("n", "2")));

            assertThat(wiretap.payloads()).containsExactly("{\"n\":\"1\"}", "{\"n\":\"2\"}");
        }

        @Test
        void a_rollback_is_heard_by_nobody() throws Exception {
            begin(true);
            notifier.announce("mail");
            notifier.publish("gossip", message("n", "1"));
            callers.rollback();
            transactions.rollBack();

            assertThat(woken).isEmpty();
            assertThat(sentAfterAll()).isEmpty();
        }

        @Test
        void a_polling_node_observes_its_own_message_after_the_commit() throws Exception {
            begin(false);
            notifier.publish("gossip", message("n", "1"));
            callers.commit();
            assertThat(relayed).isEmpty();

            transactions.commit();

            assertRelayed(new Notification("gossip", message("n", "1")));
            assertThat(sentAfterAll()).containsExactly("{\"n\":\"1\"}");
        }

        /** Every connection of the data source is now the caller's own, as in a container. */
        private void begin(boolean listens) throws SQLException {
            callers = schema.dataSource().getConnection();
            callers.setAutoCommit(false);
            dataSource = new CallersConnection(callers);
            make(listens, true);
            transactions.begin();
        }
    }

    @Nested
    class Polling {

        @Test
        void a_polling_node_sends_its_messages_and_observes_them_itself() throws Exception {
            make(false, false);

            notifier.publish("gossip", message("n", "1"));
            notifier.announce("mail");

            assertRelayed(new Notification("gossip", message("n", "1")));
            assertThat(woken).containsExactly(message("queue", "mail"));
            assertThat(sentAfterAll()).containsExactly("{\"n\":\"1\"}", "{\"queue\":\"mail\"}");
        }

        @Test
        void it_does_not_observe_what_it_sends_to_another_node() throws Exception {
            make(false, false);

            notifier.publish("gossip", message("ident", "Kerrera.web-2"));
            notifier.publish("gossip", message("ident", "Kerrera.web-1"));

            assertRelayed(new Notification("gossip", message("ident", "Kerrera.web-1")));
        }

        @Test
        void it_observes_nothing_of_a_rollback() throws Exception {
            make(false, false);

            transactions.begin();
            notifier.publish("gossip", message("n", "1"));
            transactions.rollBack();
            notifier.publish("gossip", message("n", "2"));

            assertRelayed(new Notification("gossip", message("n", "2")));
        }
    }

    private void make(boolean listens, boolean transactional) {
        Settings settings = settings(listens, transactional);
        Subscriptions subscriptions = new Subscriptions(schema.name(), new Channels(List.of()), new BareCode());
        publisher = new Publisher(
                () -> EmbeddedPostgresServer.shared().dataSource().getConnection(),
                false,
                threads,
                Duration.ZERO,
                new Patience(Duration.ofMillis(1), () -> 0));
        notifier = new Notifier(
                settings,
                new Jdbc(dataSource, Transactions.of(transactions)),
                Transactions.of(transactions),
                publisher,
                new Relay(
                        message -> {
                            relayed.add(message);
                            subscriptions.tell(message);
                        },
                        threads),
                subscriptions);
        notifier.subscribe("insert", woken::add);
        notifier.subscribe("signal", signals::add);
    }

    private Settings settings(boolean listens, boolean transactional) {
        return TestSettings.of(
                schema.name(),
                "kerrera.node",
                "web-1",
                "kerrera.notifier.mode",
                listens ? "listen" : "poll",
                "kerrera.notifier.transactional",
                String.valueOf(transactional),
                "kerrera.notifier.debounce",
                "0s");
    }

    /** Every payload sent, once nothing is on its way any more. */
    private List<String> sentAfterAll() throws SQLException {
        publisher.stop();
        return wiretap.payloads();
    }

    private void assertRelayed(Notification... notifications) {
        await().until(() -> relayed.size() >= notifications.length);
        assertThat(relayed).containsExactly(notifications);
    }

    private void hear(int backend, String channel, String payload) {
        notifier.heard(backend, full(channel), payload);
    }

    private String full(String channel) {
        return schema.name() + ".oban_" + channel;
    }

    private static JsonObject message(String key, String value) {
        return Json.createObjectBuilder().add(key, value).build();
    }

    private static String noise(int length) {
        return new Random(7)
                .ints(length, '0', 'z')
                .filter(Character::isLetterOrDigit)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
