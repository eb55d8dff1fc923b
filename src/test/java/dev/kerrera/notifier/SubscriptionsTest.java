package dev.kerrera.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.Settings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.task.BareCode;
import dev.kerrera.task.Patience;
import dev.kerrera.telemetry.Telemetry;
import dev.kerrera.testsupport.EmbeddedPostgresServer;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Listeners that come and go, on a connection that listens. */
@ExtendWith(PooledSchema.class)
@Timeout(60)
class SubscriptionsTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private final TestSchema schema;
    private Wiretap wiretap;
    private TcpGate gate;
    private Publisher publisher;
    private Notifier notifier;
    private ListenLoop loop;

    SubscriptionsTest(TestSchema schema) {
        this.schema = schema;
    }

    @BeforeEach
    void start() throws Exception {
        wiretap = new Wiretap();
        gate = new TcpGate(EmbeddedPostgresServer.shared().url());
        make("listen");
    }

    @AfterEach
    void stop() throws Exception {
        loop.stop();
        publisher.stop();
        threads.shutdownNow();
        gate.close();
        wiretap.close();
    }

    @Test
    void a_listener_hears_what_is_published_once_listen_has_returned() throws Exception {
        connect();
        notify("prices", 0);

        notifier.listen("prices", this::hear);
        notify("prices", 1);
        notify("other", 2);
        notify("prices", 3);

        awaitHeard("prices 1", "prices 3");
        assertThat(arrived).as("of what was sent before nothing came").noneMatch(payload -> payload.contains("0"));
    }

    @Test
    void the_last_listener_to_leave_ends_the_listening() throws Exception {
        connect();
        Subscription first = notifier.listen("prices", this::hear);
        Subscription second = notifier.listen("prices", message -> hear(message, "second "));
        assertThat(first.channel()).isEqualTo("prices");

        first.close();
        first.close();
        notify("prices", 1);
        awaitHeard("second prices 1");
        assertThat(loop.status().reason()).contains(full("prices"));

        second.close();
        await().until(() -> !loop.status().reason().contains(full("prices")));
        notify("prices", 2);
        notify("insert", 3);
        await().until(() -> arrived.contains("{\"n\":3}"));
        assertThat(arrived).as("the server sends it no more").doesNotContain("{\"n\":2}");
        assertThat(heard).containsExactly("second prices 1");
    }

    @Test
    void a_channel_that_others_need_stays() throws Exception {
        connect();
        Subscription observed = notifier.listen("insert", this::hear);
        notifier.subscribe("metrics", message -> heard.add("room " + message));
        Subscription shared = notifier.listen("metrics", this::hear);

        observed.close();
        shared.close();
        notifier.listen("barrier", this::hear).close();
        await().until(() -> !loop.status().reason().contains("barrier"));

        assertThat(loop.status().reason()).isEqualTo("listening on " + full("insert") + ", " + full("metrics"));
        notify("metrics", 1);
        awaitHeard("room {\"n\":1}");
    }

    @Test
    void after_a_reconnect_every_channel_is_heard_again() throws Exception {
        connect();
        notifier.listen("prices", this::hear);
        notifier.listen("gone", this::hear).close();
        int first = wiretap.backends("kerrera-listener").get(0);

        wiretap.kill(first);
        await().until(() -> {
            List<Integer> backends = wiretap.backends("kerrera-listener");
            return backends.size() == 1 && backends.get(0) != first && listens();
        });

        notify("prices", 1);
        awaitHeard("prices 1");
        assertThat(loop.status().reason()).doesNotContain("gone");
    }

    @Test
    void without_a_connection_it_returns_at_once_and_hears_as_soon_as_there_is_one() throws Exception {
        make("listen", "kerrera.notifier.url", gate.url());
        threads.execute(loop);
        await().until(() -> loop.status().reason().contains("refused"));

        long start = System.nanoTime();
        notifier.listen("prices", this::hear);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));

        gate.open();
        await().until(this::listens);
        notify("prices", 1);
        awaitHeard("prices 1");
    }

    @Test
    void a_connection_that_is_lost_while_it_waits_does_not_hold_it_up() throws Exception {
        gate.open();
        make("listen", "kerrera.notifier.url", gate.url());
        connect();
        gate.shut();

        long start = System.nanoTime();
        notifier.listen("prices", this::hear);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));

        gate.open();
        await().until(() -> loop.status().reason().contains(full("prices")));
    }

    @Test
    void a_listener_that_throws_hurts_no_other() throws Exception {
        connect();
        notifier.listen("prices", message -> {
            throw new NoClassDefFoundError("a listener misses a class");
        });
        notifier.listen("prices", this::hear);

        notify("prices", 1);
        notify("prices", 2);

        awaitHeard("prices 1", "prices 2");
    }

    @Test
    void a_listener_that_is_set_twice_hears_each_message_once() throws Exception {
        connect();
        Consumer<Notification> listener = this::hear;
        Subscription first = notifier.listen("prices", listener);
        notifier.listen("prices", listener);

        notify("prices", 1);
        awaitHeard("prices 1");
        first.close();
        notify("prices", 2);

        awaitHeard("prices 1", "prices 2");
    }

    @Test
    void a_slow_listener_delays_its_fellows_and_nothing_else() throws Exception {
        connect();
        CountDownLatch slow = new CountDownLatch(1);
        notifier.listen("prices", message -> Uninterruptible.await(slow));
        notifier.listen("prices", this::hear);

        notify("prices", 1);
        notify("insert", 2);

        await().until(() -> arrived.contains("{\"n\":2}"));
        assertThat(heard).isEmpty();
        slow.countDown();
        awaitHeard("prices 1");
    }

    @Test
    void a_listener_that_has_left_is_not_handed_what_was_on_its_way() throws Exception {
        connect();
        CountDownLatch slow = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        notifier.listen("prices", message -> {
            entered.countDown();
            Uninterruptible.await(slow);
        });
        Subscription second = notifier.listen("prices", this::hear);
        notifier.listen("last", this::hear);
        notify("prices", 1);
        entered.await();

        second.close();
        notify("last", 2);
        slow.countDown();

        awaitHeard("last 2");
        assertThat(heard).containsExactly("last 2");
    }

    @Test
    void a_listener_may_listen_and_leave_itself() throws Exception {
        connect();
        notifier.listen("prices", message -> {
            notifier.listen("more", this::hear);
            hear(message);
        });

        notify("prices", 1);
        awaitHeard("prices 1");
        notify("more", 2);

        awaitHeard("prices 1", "more 2");
    }

    @Test
    void messages_for_other_nodes_are_not_heard() throws Exception {
        connect();
        notifier.listen("prices", this::hear);

        wiretap.notify(full("prices"), "{\"ident\":\"Kerrera.elsewhere\",\"n\":1}");
        wiretap.notify(full("prices"), "{\"ident\":\"Kerrera.web-1\",\"n\":2}");

        awaitHeard("prices 2");
    }

    @Test
    void a_polling_node_hears_what_it_publishes_itself() throws Exception {
        make("poll");
        Subscription subscription = notifier.listen("prices", this::hear);

        notifier.publish("prices", payload(1));
        awaitHeard("prices 1");
        subscription.close();
        notifier.publish("prices", payload(2));
        notifier.listen("more", this::hear);
        notifier.publish("more", payload(3));

        awaitHeard("prices 1", "more 3");
    }

    @Test
    void an_unusable_name_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> notifier.listen("x".repeat(60), this::hear))
                .withMessageContaining("63 bytes");
    }

    private void make(String mode, String... more) {
        String[] keys = new String[more.length + 4];
        System.arraycopy(new String[] {"kerrera.node", "web-1", "kerrera.notifier.mode", mode}, 0, keys, 0, 4);
        System.arraycopy(more, 0, keys, 4, more.length);
        Settings settings = TestSettings.of(schema.name(), keys);
        Channels channels = new Channels(List.of(full("insert")));
        Subscriptions subscriptions = new Subscriptions(schema.name(), channels, new BareCode());
        publisher = new Publisher(
                () -> EmbeddedPostgresServer.shared().dataSource().getConnection(),
                false,
                threads,
                Duration.ZERO,
                new Patience(Duration.ofMillis(1), () -> 0));
        notifier = new Notifier(
                settings,
                new Jdbc(schema.dataSource(), Transactions.none()),
                Transactions.none(),
                publisher,
                new Relay(subscriptions::tell, threads),
                subscriptions);
        loop = new ListenLoop(
                new Connector(settings.notifier(), schema.dataSource(), Runnable::run),
                channels,
                new Recorder(notifier, arrived),
                new Patience(Duration.ofMillis(100), () -> 0),
                new Telemetry(List.of()));
    }

    private void connect() {
        threads.execute(loop);
        await().until(this::listens);
    }

    private boolean listens() {
        return loop.status().state() == ListenerStatus.State.LISTENING;
    }

    private void notify(String channel, int number) throws Exception {
        wiretap.notify(full(channel), payload(number).toString());
    }

    private static JsonObject payload(int number) {
        return Json.createObjectBuilder().add("n", number).build();
    }

    private void hear(Notification message) {
        hear(message, "");
    }

    private void hear(Notification message, String who) {
        heard.add(who + message.channel() + " " + message.payload().getInt("n"));
    }

    private void awaitHeard(String... messages) {
        await().until(() -> heard.size() >= messages.length);
        assertThat(heard).containsExactly(messages);
    }

    private String full(String channel) {
        return schema.name() + ".oban_" + channel;
    }

    /** Notes what the server sends on its way to the notifier. */
    private record Recorder(Notifier notifier, List<String> arrived) implements ListenLoop.Listener {

        @Override
        public void listening() {
            notifier.listening();
        }

        @Override
        public void heard(int backend, String channel, String payload) {
            notifier.heard(backend, channel, payload);
            arrived.add(payload);
        }
    }

    private static final class Uninterruptible {
        static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
