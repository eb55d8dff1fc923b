package dev.kerrera.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RelayTest {

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final List<Integer> observed = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void messages_are_handed_over_in_order() {
        Relay relay = new Relay(message -> observed.add(number(message)), threads);

        IntStream.range(0, 1_000).forEach(number -> relay.accept(message(number)));

        await().until(() -> observed.size() == 1_000);
        assertThat(observed).isSorted();
    }

    @Test
    void a_slow_observer_does_not_hold_up_who_hears() {
        CountDownLatch slow = new CountDownLatch(1);
        Relay relay = new Relay(
                message -> {
                    awaitQuietly(slow);
                    observed.add(number(message));
                },
                threads);

        IntStream.range(0, 100).forEach(number -> relay.accept(message(number)));
        assertThat(observed)
                .as("all were accepted while the first is being observed")
                .isEmpty();

        slow.countDown();
        await().until(() -> observed.size() == 100);
        assertThat(observed).isSorted();
    }

    @Test
    void a_message_that_nobody_hears_takes_no_thread() {
        List<Runnable> tasks = new ArrayList<>();
        Relay relay = new Relay(
                new Relay.Application() {
                    @Override
                    public void tell(Notification message) {
                        observed.add(number(message));
                    }

                    @Override
                    public boolean hears(String channel) {
                        return false;
                    }
                },
                tasks::add);

        relay.accept(message(1));

        assertThat(tasks).isEmpty();
    }

    @Test
    void an_application_that_has_ended_is_handed_nothing_that_waits_or_comes() {
        CountDownLatch slow = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Relay relay = new Relay(
                message -> {
                    begun.countDown();
                    awaitQuietly(slow);
                    observed.add(number(message));
                },
                threads);
        relay.accept(message(1));
        relay.accept(message(2));
        awaitQuietly(begun);

        relay.stop();
        relay.accept(message(3));
        slow.countDown();

        await().until(() -> !observed.isEmpty());
        threads.shutdown();
        await().until(threads::isTerminated);
        assertThat(observed).containsExactly(1);
    }

    @Test
    void no_two_messages_are_observed_at_once() {
        List<String> steps = Collections.synchronizedList(new ArrayList<>());
        Relay relay = new Relay(
                message -> {
                    steps.add("in");
                    Thread.yield();
                    steps.add("out");
                },
                threads);

        IntStream.range(0, 500).parallel().forEach(number -> relay.accept(message(number)));

        await().until(() -> steps.size() == 1_000);
        for (int i = 0; i < steps.size(); i += 2) {
            assertThat(steps.subList(i, i + 2)).containsExactly("in", "out");
        }
    }

    @Test
    void no_more_than_10000_messages_wait_and_the_oldest_are_kept() {
        List<Runnable> later = new ArrayList<>();
        Relay relay = new Relay(message -> observed.add(number(message)), later::add);

        IntStream.range(0, 12_000).forEach(number -> relay.accept(message(number)));
        later.forEach(Runnable::run);

        assertThat(observed).hasSize(10_000).startsWith(0, 1, 2).endsWith(9_998, 9_999);

        relay.accept(message(7));
        later.get(1).run();
        assertThat(observed).as("there is room again").hasSize(10_001).endsWith(7);
    }

    @Test
    void a_failure_costs_its_own_message_only() {
        List<Runnable> later = new ArrayList<>();
        Relay relay = new Relay(
                message -> {
                    if (number(message) == 0) {
                        throw new AssertionError("zero");
                    }
                    if (number(message) % 2 == 0) {
                        throw new IllegalStateException("even");
                    }
                    observed.add(number(message));
                },
                later::add);

        IntStream.range(0, 6).forEach(number -> relay.accept(message(number)));
        later.forEach(Runnable::run);

        assertThat(observed).containsExactly(1, 3, 5);
    }

    private static Notification message(int number) {
        return new Notification(
                "gossip", Json.createObjectBuilder().add("number", number).build());
    }

    private static int number(Notification message) {
        return message.payload().getInt("number");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
