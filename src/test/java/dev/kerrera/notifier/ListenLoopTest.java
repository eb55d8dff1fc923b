package dev.kerrera.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.NotifierSettings;
import dev.kerrera.notifier.ListenerStatus.State;
import dev.kerrera.task.Patience;
import dev.kerrera.telemetry.KerreraEvent;
import dev.kerrera.telemetry.NotifierSwitched;
import dev.kerrera.telemetry.Telemetry;
import dev.kerrera.testsupport.EmbeddedPostgresServer;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.TestSchema;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PooledSchema.class)
@Timeout(60)
class ListenLoopTest {

    private static final String LISTENER = "kerrera-listener";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<KerreraEvent> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger sweeps = new AtomicInteger();
    private final String insert;
    private final String odd;
    private final TestSchema schema;
    private final ListenLoop.Listener listener = new ListenLoop.Listener() {
        @Override
        public void listening() {
            sweeps.incrementAndGet();
        }

        @Override
        public void heard(int backend, String channel, String payload) {
            heard.add(payload);
            if (payload.startsWith("throw")) {
                throw new IllegalStateException(payload);
            }
        }
    };
    private final Channels channels;
    private Wiretap wiretap;
    private TcpGate gate;
    private ListenLoop loop;
    private Future<?> running;

    ListenLoopTest(TestSchema schema) {
        this.schema = schema;
        this.insert = schema.name() + ".oban_insert";
        this.odd = schema.name() + ".oban_odd \"name\"";
        this.channels = new Channels(List.of(insert, odd));
    }

    @BeforeEach
    void tap() throws Exception {
        wiretap = new Wiretap();
        gate = new TcpGate(EmbeddedPostgresServer.shared().url());
        await().until(() -> wiretap.backends(LISTENER).isEmpty());
    }

    @AfterEach
    void stop() throws Exception {
        if (loop != null) {
            loop.stop();
        }
        threads.shutdownNow();
        gate.close();
        wiretap.close();
    }

    @Test
    void messages_of_its_channels_are_heard_in_order() throws Exception {
        start(Optional.empty());

        wiretap.notify(insert, "1");
        wiretap.notify("elsewhere.oban_insert", "not for us");
        wiretap.notify(odd, "2");
        wiretap.notify(insert, "3");

        await().until(() -> heard.contains("3"));
        assertThat(heard).containsExactly("1", "2", "3");
    }

    @Test
    void a_start_is_told() {
        assertThat(unstarted(Optional.empty()).status().state()).isEqualTo(State.DISCONNECTED);

        start(Optional.empty());

        assertThat(loop.status().reason()).isEqualTo("listening on " + insert + ", " + odd);
        assertThat(switches()).containsExactly(true);
        assertThat(sweeps).hasValue(1);
        assertThat(loop.loop().turning()).isTrue();
    }

    @Test
    void the_connection_carries_its_own_name_and_not_that_of_the_data_source() throws Exception {
        start(Optional.empty());

        assertThat(wiretap.backends(LISTENER)).hasSize(1);
    }

    @Test
    void the_connection_takes_nothing_from_the_pool_while_it_listens() throws Exception {
        start(Optional.empty());

        assertThat(wiretap.backends(schema.name())).isEmpty();
    }

    @Test
    void a_killed_connection_is_opened_again_and_listens_and_sweeps() throws Exception {
        start(Optional.empty());
        int first = wiretap.backends(LISTENER).get(0);

        wiretap.kill(first);

        await().until(() -> switches().equals(List.of(true, false, true)));
        assertThat(sweeps).hasValue(2);
        assertThat(loop.status().state()).isEqualTo(State.LISTENING);
        assertThat(wiretap.backends(LISTENER)).hasSize(1).doesNotContain(first);
        wiretap.notify(odd, "after");
        await().until(() -> heard.contains("after"));
    }

    @Test
    void a_lost_connection_is_told_with_its_reason_once() throws Exception {
        gate.open();
        start(Optional.of(gate.url()));

        gate.shut();

        await().until(() -> loop.status().state() == State.DISCONNECTED);
        await("several attempts").until(() -> loop.status().reason().contains("refused"));
        assertThat(switches()).containsExactly(true, false);
        assertThat(((NotifierSwitched) events.get(1)).reason())
                .startsWith("The notifier lost its connection and opens another; polling finds the work meanwhile: ");

        gate.open();
        await().until(() -> switches().equals(List.of(true, false, true)));
    }

    @Test
    void a_server_that_refuses_connections_at_the_start_is_tried_until_it_takes_one() throws Exception {
        launch(Optional.of(gate.url()));
        await().until(() -> loop.status().reason().contains("refused"));
        assertThat(loop.status().state()).isEqualTo(State.DISCONNECTED);
        assertThat(events).as("nothing was switched").isEmpty();
        assertThat(sweeps).hasValue(0);

        gate.open();

        await().until(() -> loop.status().state() == State.LISTENING);
        assertThat(switches()).containsExactly(true);
        assertThat(sweeps).hasValue(1);
    }

    @Test
    void a_listener_that_throws_costs_a_connection_but_not_the_loop() throws Exception {
        start(Optional.empty());

        wiretap.notify(insert, "throw");
        await().until(() -> sweeps.get() == 2);
        wiretap.notify(insert, "after");

        await().until(() -> heard.contains("after"));
    }

    @Test
    void a_stop_closes_the_connection_and_returns_promptly() throws Exception {
        start(Optional.empty());
        long start = System.nanoTime();

        loop.stop();

        assertThat(elapsedSince(start)).isLessThan(Duration.ofSeconds(2));
        await().atMost(Duration.ofSeconds(5))
                .until(() -> wiretap.backends(LISTENER).isEmpty());
        assertThat(loop.status().state()).isEqualTo(State.STOPPED);
        assertThat(running).succeedsWithin(Duration.ofSeconds(1));
        assertThat(switches()).as("a stop is no loss").containsExactly(true);
    }

    @Test
    void a_second_stop_is_harmless() throws Exception {
        start(Optional.empty());

        loop.stop();
        loop.stop();

        assertThat(loop.status().state()).isEqualTo(State.STOPPED);
    }

    @Test
    void a_stop_does_not_wait_for_a_server_that_refuses_connections() throws Exception {
        launch(Optional.of(gate.url()));
        await().until(() -> loop.status().reason().contains("refused"));
        long start = System.nanoTime();

        loop.stop();

        assertThat(elapsedSince(start)).isLessThan(Duration.ofSeconds(2));
        assertThat(running).succeedsWithin(Duration.ofSeconds(1));
    }

    @Test
    void a_stop_does_not_wait_for_a_server_that_never_answers_and_nothing_listens_afterwards() throws Exception {
        gate.takeAndStaySilent();
        launch(Optional.of(gate.url()));
        await().until(gate::taken);
        long start = System.nanoTime();

        loop.stop();

        assertThat(elapsedSince(start)).isLessThan(Duration.ofSeconds(6));
        assertThat(running).as("a connection attempt ends").succeedsWithin(Duration.ofSeconds(30));
        assertThat(events).isEmpty();
        assertThat(loop.status().state()).isEqualTo(State.STOPPED);
    }

    private void start(Optional<String> url) {
        launch(url);
        await().until(() -> loop.status().state() == State.LISTENING && sweeps.get() == 1);
    }

    private void launch(Optional<String> url) {
        loop = unstarted(url);
        running = threads.submit(loop);
    }

    private ListenLoop unstarted(Optional<String> url) {
        var settings = new NotifierSettings(
                NotifierSettings.Mode.LISTEN, url, Optional.empty(), Optional.empty(), false, Duration.ZERO);
        return new ListenLoop(
                new Connector(settings, schema.dataSource(), Runnable::run),
                channels,
                listener,
                new Patience(Duration.ofMillis(200), () -> 0),
                new Telemetry(List.of(events::add)));
    }

    private List<Boolean> switches() {
        return events.stream()
                .map(NotifierSwitched.class::cast)
                .map(NotifierSwitched::listening)
                .toList();
    }

    private static Duration elapsedSince(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
