package dev.kerrera.task;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.Sneaky;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class IntervalTest {

    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration NEVER_AGAIN = Duration.ofHours(1);
    private static final RandomGenerator LOWEST = () -> 0L;
    private static final RandomGenerator HIGHEST = () -> -1L;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(4);
    private final AtomicInteger runs = new AtomicInteger();

    @AfterEach
    void end() {
        threads.shutdownNow();
        timer.shutdownNow();
    }

    @Test
    void runs_at_once_and_then_again_and_again() {
        Interval interval = new Interval("Counting", SHORT, runs::incrementAndGet, LOWEST);

        interval.start(timer);

        await().until(() -> runs.get() > 5);
        interval.stop();
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, StackOverflowError.class, AssertionError.class})
    void survives_whatever_the_task_throws_and_complains_once(Class<? extends Throwable> type) {
        try (CapturedLog log = CapturedLog.of(Interval.class)) {
            Interval interval = new Interval(
                    "Failing",
                    SHORT,
                    () -> {
                        if (runs.incrementAndGet() <= 3) {
                            Sneaky.<RuntimeException>sneak(type);
                        }
                    },
                    LOWEST);

            interval.start(timer);
            await().until(() -> runs.get() > 5);
            interval.stop();

            assertThat(log.messages(Level.WARNING)).containsExactly("Failing failed and tries again every PT0.002S");
            assertThat(log.messages(Level.INFO)).containsExactly("Failing works again");
        }
    }

    @Test
    void a_second_start_begins_no_second_loop() {
        Interval interval = new Interval("Once", NEVER_AGAIN, runs::incrementAndGet, LOWEST);

        for (int i = 0; i < 3; i++) {
            interval.start(timer);
        }

        await().until(() -> timer.getCompletedTaskCount() == 1);
        assertThat(runs).hasValue(1);
        assertThat(timer.getQueue()).hasSize(1);
        interval.stop();
    }

    @Test
    void an_interval_holds_no_thread_between_its_runs() {
        timer.setCorePoolSize(1);
        AtomicInteger others = new AtomicInteger();
        Interval one = new Interval("One", SHORT, runs::incrementAndGet, LOWEST);
        Interval other = new Interval("Other", SHORT, others::incrementAndGet, LOWEST);

        one.start(timer);
        other.start(timer);

        await().until(() -> runs.get() > 5 && others.get() > 5);
        one.stop();
        other.stop();
    }

    @Test
    void a_stop_waits_until_the_task_has_ended() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Interval interval = new Interval(
                "Parked",
                NEVER_AGAIN,
                () -> {
                    running.countDown();
                    awaitQuietly(release);
                    ended.set(true);
                },
                LOWEST);
        interval.start(timer);
        assertThat(running.await(5, SECONDS)).isTrue();

        Future<Boolean> stop = threads.submit(() -> {
            interval.stop();
            return ended.get();
        });
        await().until(() -> timer.getQueue().isEmpty());
        assertThat(stop).isNotDone();
        release.countDown();

        assertThat(stop.get(10, SECONDS)).isTrue();
    }

    @Test
    void a_stop_ends_the_wait_between_two_runs() {
        Interval interval = new Interval("Long", NEVER_AGAIN, runs::incrementAndGet, LOWEST);
        interval.start(timer);
        await().until(() -> runs.get() == 1);

        long start = System.nanoTime();
        interval.stop();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void a_second_stop_is_harmless_and_a_stop_before_the_start_is_for_good() {
        Interval interval = new Interval("Never", SHORT, runs::incrementAndGet, LOWEST);

        interval.stop();
        interval.stop();
        interval.start(timer);

        assertThat(timer.getTaskCount()).isZero();
    }

    @Test
    void a_stopped_interval_runs_no_more_and_starts_no_more() {
        Interval interval = new Interval("Over", SHORT, runs::incrementAndGet, LOWEST);
        interval.start(timer);
        await().until(() -> runs.get() > 2);

        interval.stop();
        int before = runs.get();
        interval.start(timer);
        await().until(() -> timer.getActiveCount() == 0
                && timer.getQueue().stream().allMatch(task -> ((Future<?>) task).isCancelled()));

        assertThat(runs).hasValue(before);
    }

    @Test
    void a_task_may_stop_its_own_interval() {
        Interval[] interval = new Interval[1];
        interval[0] = new Interval(
                "Stopping itself",
                SHORT,
                () -> {
                    runs.incrementAndGet();
                    interval[0].stop();
                },
                LOWEST);

        interval[0].start(timer);

        await().until(() -> timer.getCompletedTaskCount() == 1);
        assertThat(timer.getQueue()).isEmpty();
        assertThat(runs).hasValue(1);
    }

    @Test
    void a_stop_that_is_interrupted_keeps_the_interrupt() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Interval interval = new Interval("Parked", NEVER_AGAIN, () -> awaitQuietly(release), LOWEST);
        interval.start(timer);

        Future<Boolean> kept = threads.submit(() -> {
            Thread.currentThread().interrupt();
            interval.stop();
            return Thread.interrupted();
        });

        assertThat(kept.get(4, SECONDS)).isTrue();
        release.countDown();
    }

    @Test
    void a_timer_that_takes_no_more_work_is_no_error() {
        Interval interval = new Interval("Refused", SHORT, runs::incrementAndGet, LOWEST);
        timer.shutdown();

        interval.start(timer);
        interval.stop();

        assertThat(runs).hasValue(0);
    }

    @Test
    void the_wait_is_a_tenth_shorter_at_least() throws InterruptedException {
        assertThat(Collections.min(gaps(Duration.ofMillis(300), LOWEST)))
                .isBetween(Duration.ofMillis(269), Duration.ofMillis(299));
    }

    @Test
    void the_wait_is_a_tenth_longer_at_most() throws InterruptedException {
        assertThat(Collections.min(gaps(Duration.ofMillis(300), HIGHEST)))
                .isBetween(Duration.ofMillis(328), Duration.ofMillis(360));
    }

    @Test
    void any_order_of_starts_and_stops_ends_stopped() throws Exception {
        Random random = new Random(42);
        for (int round = 0; round < 50; round++) {
            AtomicInteger inside = new AtomicInteger();
            AtomicBoolean overlapped = new AtomicBoolean();
            Interval interval = new Interval(
                    "Stressed",
                    Duration.ZERO,
                    () -> {
                        overlapped.compareAndSet(false, inside.incrementAndGet() > 1);
                        inside.decrementAndGet();
                    },
                    LOWEST);
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                boolean start = random.nextBoolean();
                calls.add(threads.submit(() -> {
                    if (start) {
                        interval.start(timer);
                    } else {
                        interval.stop();
                    }
                }));
            }
            for (Future<?> call : calls) {
                call.get(10, SECONDS);
            }
            interval.stop();
            assertThat(overlapped).isFalse();
            assertThat(inside).hasValue(0);
        }
    }

    @Test
    void tells_how_its_loop_is_doing() {
        Interval interval = new Interval("Telling", NEVER_AGAIN, runs::incrementAndGet, LOWEST);

        interval.start(timer);
        await().until(() -> runs.get() == 1);

        assertThat(interval.status().name()).isEqualTo("Telling");
        assertThat(interval.status().turning()).isTrue();
        interval.stop();
    }

    /** The times between the ends of runs and the beginnings of the next ones. */
    private List<Duration> gaps(Duration period, RandomGenerator random) throws InterruptedException {
        List<Long> times = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch enough = new CountDownLatch(6);
        Interval interval = new Interval(
                "Measured",
                period,
                () -> {
                    times.add(System.nanoTime());
                    enough.countDown();
                },
                random);
        interval.start(timer);
        assertThat(enough.await(30, SECONDS)).isTrue();
        interval.stop();
        List<Duration> gaps = new ArrayList<>();
        for (int i = 1; i < times.size(); i++) {
            gaps.add(Duration.ofNanos(times.get(i) - times.get(i - 1)));
        }
        return gaps;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
