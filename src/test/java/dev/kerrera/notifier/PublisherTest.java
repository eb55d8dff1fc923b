package dev.kerrera.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.notifier.Publisher.Message;
import dev.kerrera.notifier.Wiretap.Heard;
import dev.kerrera.task.Patience;
import dev.kerrera.testsupport.EmbeddedPostgresServer;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.TestSchema;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PooledSchema.class)
@Timeout(60)
class PublisherTest {

    private static final Duration NEVER = Duration.ofHours(1);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger openings = new AtomicInteger();
    private final AtomicInteger openConnections = new AtomicInteger();
    private final AtomicInteger statements = new AtomicInteger();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final String channel;
    private final Wiretap wiretap;
    private Publisher publisher;
    private boolean borrowed;

    PublisherTest(TestSchema schema) throws SQLException {
        channel = schema.name() + ".oban_gossip";
        wiretap = new Wiretap(channel);
    }

    @AfterEach
    void stop() throws SQLException {
        publisher.stop();
        threads.shutdownNow();
        wiretap.close();
    }

    @Test
    void a_message_goes_out_at_once() throws Exception {
        publisher = publisher(threads, NEVER);

        publisher.send(messages("1"));

        assertThat(wiretap.until("1")).hasSize(1);
    }

    @Test
    void nothing_is_opened_before_there_is_a_message() {
        publisher = publisher(threads, NEVER);

        assertThat(openings).hasValue(0);
    }

    @Test
    void what_comes_within_the_debounce_time_goes_together() throws Exception {
        publisher = publisher(threads, Duration.ofSeconds(2));
        publisher.send(messages("first"));
        wiretap.until("first");

        IntStream.range(0, 500).forEach(number -> publisher.send(messages("later " + number)));
        wiretap.until("later 499");

        assertThat(statements).hasValue(2);
    }

    @Test
    void what_comes_while_a_statement_is_under_way_goes_with_the_next_in_order() throws Exception {
        publisher = publisher(later::add, Duration.ZERO);

        IntStream.range(0, 1_000).forEach(number -> publisher.send(messages("" + number)));
        assertThat(later).as("one thread is asked for").hasSize(1);
        runLater();

        assertThat(wiretap.payloads())
                .containsExactlyElementsOf(
                        IntStream.range(0, 1_000).mapToObj(String::valueOf).toList());
        assertThat(statements).hasValue(1);
        assertThat(openings).hasValue(1);
    }

    @Test
    void equal_messages_of_separate_sends_all_arrive() throws Exception {
        publisher = publisher(later::add, Duration.ZERO);

        publisher.send(messages("a", "b", "a"));
        publisher.send(messages("a"));
        publisher.send(messages("c"));
        runLater();

        assertThat(wiretap.payloads()).containsExactly("a", "b", "a", "a", "c");
        assertThat(statements).hasValue(3);
    }

    @Test
    void a_wake_up_that_still_waits_is_not_sent_again() throws Exception {
        publisher = publisher(later::add, Duration.ZERO);

        IntStream.range(0, 1_000).forEach(number -> publisher.sendOnce(new Message(channel, "mail")));
        publisher.sendOnce(new Message(channel, "push"));
        runLater();
        publisher.sendOnce(new Message(channel, "mail"));
        runLater();

        assertThat(wiretap.payloads()).containsExactly("mail", "push", "mail");
    }

    @Test
    void a_connection_killed_between_sends_is_replaced_and_the_message_sent_again() throws Exception {
        publisher = publisher(threads, Duration.ZERO);
        publisher.send(messages("before"));
        int first = backend(wiretap.until("before"), "before");
        assertThat(publisher.isOwn(first)).isTrue();

        wiretap.kill(first);
        publisher.send(messages("after 1", "after 2"));
        int second = backend(wiretap.until("after 2"), "after 2");

        assertThat(second).isNotEqualTo(first);
        assertThat(publisher.isOwn(second)).isTrue();
        assertThat(publisher.isOwn(first)).isFalse();
        assertThat(wiretap.payloads()).containsExactly("before", "after 1", "after 2");
    }

    @Test
    void a_server_that_cannot_be_reached_for_a_while_delays_messages_only() throws Exception {
        publisher = publisher(failing(3, this::open), threads, Duration.ZERO);

        publisher.send(messages("1"));
        publisher.send(messages("2"));

        wiretap.until("2");
        assertThat(wiretap.payloads()).containsExactly("1", "2");
    }

    @Test
    void a_message_nobody_takes_is_dropped_after_five_attempts_and_later_ones_are_sent() throws Exception {
        publisher = publisher(failing(5, this::open), later::add, Duration.ZERO);

        publisher.send(messages("lost"));
        runLater();
        publisher.send(messages("next"));
        runLater();

        assertThat(wiretap.payloads()).containsExactly("next");
        assertThat(openings).hasValue(6);
    }

    @Test
    void a_send_does_not_wait_for_the_server() {
        CountDownLatch slow = new CountDownLatch(1);
        publisher = publisher(
                () -> {
                    awaitQuietly(slow);
                    return open();
                },
                threads,
                Duration.ZERO);

        publisher.send(messages("1"));
        publisher.send(messages("2"));

        assertThat(statements).hasValue(0);
        slow.countDown();
        await().until(() -> statements.get() > 0);
    }

    @Test
    void no_more_than_10000_messages_wait() throws Exception {
        publisher = publisher(later::add, Duration.ZERO);

        IntStream.range(0, 10_050).forEach(number -> publisher.send(messages("" + number)));
        runLater();

        assertThat(wiretap.payloads()).hasSize(10_000).endsWith("9999");
    }

    @Test
    void a_borrowed_connection_is_given_back_when_nothing_is_left_to_send() throws Exception {
        borrowed = true;
        publisher = publisher(later::add, Duration.ZERO);

        for (String payload : List.of("1", "2")) {
            publisher.send(messages(payload, payload));
            runLater();
            assertThat(openConnections).hasValue(0);
        }

        assertThat(wiretap.payloads()).containsExactly("1", "1", "2", "2");
        assertThat(openings).hasValue(2);
    }

    @Test
    void an_own_connection_is_kept() {
        publisher = publisher(later::add, Duration.ZERO);

        publisher.send(messages("1"));
        runLater();
        publisher.send(messages("2"));
        runLater();

        assertThat(openings).hasValue(1);
        assertThat(openConnections).hasValue(1);
    }

    @Test
    void a_stop_sends_what_waits_and_closes_the_connection() throws Exception {
        publisher = publisher(threads, NEVER);
        publisher.send(messages("first"));
        wiretap.until("first");
        publisher.send(messages("second", "third"));
        long start = System.nanoTime();

        publisher.stop();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(wiretap.payloads()).containsExactly("first", "second", "third");
        assertThat(openConnections).hasValue(0);
    }

    @Test
    void a_stop_sends_what_waits_even_if_the_connection_was_lost() throws Exception {
        publisher = publisher(later::add, Duration.ZERO);
        publisher.send(messages("before"));
        runLater();
        wiretap.kill(backend(wiretap.until("before"), "before"));
        publisher.send(messages("after"));

        publisher.stop();

        assertThat(wiretap.payloads()).containsExactly("before", "after");
        assertThat(openConnections).hasValue(0);
    }

    @Test
    void after_a_stop_nothing_is_sent_and_nothing_opened() throws Exception {
        publisher = publisher(later::add, Duration.ZERO);
        publisher.send(messages("before"));
        publisher.stop();

        publisher.send(messages("after"));
        publisher.sendOnce(new Message(channel, "after"));
        runLater();
        publisher.stop();

        assertThat(wiretap.payloads()).containsExactly("before");
        assertThat(openings).hasValue(1);
        assertThat(openConnections).hasValue(0);
    }

    @Test
    void sends_that_meet_a_stop_leave_no_connection_behind() throws Exception {
        for (int round = 0; round < 50; round++) {
            publisher = publisher(threads, Duration.ZERO);
            Publisher one = publisher;
            var sends = IntStream.range(0, 3)
                    .mapToObj(number -> threads.submit(() -> IntStream.range(0, 20)
                            .forEach(message -> one.sendOnce(new Message("elsewhere", number + "." + message)))))
                    .toList();
            publisher.stop();
            for (var send : sends) {
                send.get();
            }
        }

        threads.shutdown();
        await().until(threads::isTerminated);
        assertThat(openConnections).hasValue(0);
    }

    private Publisher publisher(Executor executor, Duration debounce) {
        return publisher(this::open, executor, debounce);
    }

    private Publisher publisher(Publisher.Opening opening, Executor executor, Duration debounce) {
        return new Publisher(
                () -> {
                    openings.incrementAndGet();
                    return opening.open();
                },
                borrowed,
                executor,
                debounce,
                new Patience(Duration.ofMillis(1), () -> 0));
    }

    private static Publisher.Opening failing(int times, Publisher.Opening opening) {
        AtomicInteger failures = new AtomicInteger();
        return () -> {
            if (failures.incrementAndGet() <= times) {
                throw new SQLException("the server is away");
            }
            return opening.open();
        };
    }

    /** A real connection that is counted, and counts its statements. */
    private Connection open() throws SQLException {
        Connection real = EmbeddedPostgresServer.shared().dataSource().getConnection();
        openConnections.incrementAndGet();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                    if (method.getName().equals("prepareStatement")) {
                        statements.incrementAndGet();
                    } else if (method.getName().equals("close")) {
                        openConnections.decrementAndGet();
                    }
                    try {
                        return method.invoke(real, args);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    private void runLater() {
        while (!later.isEmpty()) {
            later.remove().run();
        }
    }

    private List<Message> messages(String... payloads) {
        return List.of(payloads).stream()
                .map(payload -> new Message(channel, payload))
                .toList();
    }

    private static int backend(List<Heard> heard, String payload) {
        return heard.stream()
                .filter(one -> one.payload().equals(payload))
                .findFirst()
                .orElseThrow()
                .backend();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
