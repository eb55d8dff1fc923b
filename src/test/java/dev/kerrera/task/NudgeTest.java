package dev.kerrera.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.testsupport.Sneaky;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NudgeTest {

    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final Deque<Runnable> handedOver = new ArrayDeque<>();
    private final AtomicInteger runs = new AtomicInteger();
    private final List<String> story = new ArrayList<>();
    private final AtomicBoolean wanted = new AtomicBoolean(true);
    private Nudge nudging;

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void a_nudge_runs_the_task_once() {
        Nudge nudge = new Nudge(runs::incrementAndGet, handedOver::add);

        nudge.nudge();
        handedOver.remove().run();

        assertThat(runs).hasValue(1);
        assertThat(handedOver).isEmpty();
    }

    @Test
    void an_idle_task_holds_no_thread_and_is_handed_over_anew() {
        Nudge nudge = new Nudge(runs::incrementAndGet, handedOver::add);
        nudge.nudge();
        handedOver.remove().run();

        nudge.nudge();
        handedOver.remove().run();

        assertThat(runs).hasValue(2);
    }

    @Test
    void nudges_before_the_run_are_one() {
        Nudge nudge = new Nudge(runs::incrementAndGet, handedOver::add);

        nudge.nudge();
        nudge.nudge();
        nudge.nudge();
        handedOver.remove().run();

        assertThat(runs).hasValue(1);
        assertThat(handedOver).isEmpty();
    }

    @Test
    void nudges_during_the_run_make_it_run_once_more() {
        Nudge[] nudge = new Nudge[1];
        nudge[0] = new Nudge(
                () -> {
                    if (runs.incrementAndGet() == 1) {
                        nudge[0].nudge();
                        nudge[0].nudge();
                    }
                },
                handedOver::add);

        nudge[0].nudge();
        handedOver.remove().run();

        assertThat(runs).hasValue(2);
        assertThat(handedOver).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_is_nudged_is_seen_by_a_later_run_and_runs_never_overlap(boolean wanted) throws InterruptedException {
        AtomicInteger given = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean overlapped = new AtomicBoolean();
        Nudge nudge = new Nudge(
                () -> {
                    overlapped.compareAndSet(false, inside.incrementAndGet() > 1);
                    seen.set(given.get());
                    inside.decrementAndGet();
                },
                () -> wanted,
                threads);
        CountDownLatch finished = new CountDownLatch(4);
        for (int thread = 0; thread < 4; thread++) {
            threads.execute(() -> {
                for (int i = 0; i < 20_000; i++) {
                    given.incrementAndGet();
                    nudge.nudge();
                }
                finished.countDown();
            });
        }

        assertThat(finished.await(20, TimeUnit.SECONDS)).isTrue();
        await().untilAsserted(() -> assertThat(seen).hasValue(80_000));
        assertThat(overlapped).isFalse();
    }

    @Test
    void a_task_that_throws_runs_again_at_the_next_nudge() {
        Nudge nudge = new Nudge(
                () -> {
                    runs.incrementAndGet();
                    throw new StackOverflowError("deliberate");
                },
                handedOver::add);
        nudge.nudge();
        handedOver.remove().run();

        nudge.nudge();
        handedOver.remove().run();

        assertThat(runs).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(classes = {RejectedExecutionException.class, IllegalStateException.class, LinkageError.class})
    void an_executor_that_refuses_is_asked_again_at_the_next_nudge(Class<? extends Throwable> refusal) {
        AtomicBoolean refuses = new AtomicBoolean(true);
        Executor executor = task -> {
            if (refuses.get()) {
                Sneaky.<RuntimeException>sneak(refusal);
            }
            handedOver.add(task);
        };
        Nudge nudge = new Nudge(runs::incrementAndGet, executor);
        nudge.nudge();
        assertThat(handedOver).isEmpty();

        refuses.set(false);
        nudge.nudge();
        handedOver.remove().run();

        assertThat(runs).hasValue(1);
    }

    @Test
    void
            a_thread_that_was_promised_and_does_not_come_is_made_up_for_by_a_later_nudge_and_runs_nothing_when_it_comes_after_all() {
        Nudge nudge = new Nudge(runs::incrementAndGet, handedOver::add);
        nudge.nudge();
        Runnable late = handedOver.remove();

        await().until(() -> {
            nudge.nudge();
            return !handedOver.isEmpty();
        });
        handedOver.remove().run();
        late.run();

        assertThat(runs).hasValue(1);
        nudge.nudge();
        handedOver.remove().run();
        assertThat(runs).hasValue(2);
    }

    @Test
    void what_a_task_has_left_is_done_after_it_by_its_thread() {
        nudging = new Nudge(story("task"), sequel(story("sequel")), handedOver::add);

        nudging.nudge();
        handedOver.remove().run();

        assertThat(story).containsExactly("task", "sequel");
        assertThat(handedOver).isEmpty();
    }

    @Test
    void a_task_that_leaves_nothing_keeps_its_thread_for_further_nudges() {
        wanted.set(false);
        nudging = new Nudge(story("task", 1), sequel(story("sequel")), handedOver::add);

        nudging.nudge();
        handedOver.remove().run();

        assertThat(story).containsExactly("task", "task");
        assertThat(handedOver).isEmpty();
    }

    @Test
    void nudges_during_a_task_that_leaves_something_are_followed_by_another_thread() {
        nudging = new Nudge(story("task", 2), sequel(story("sequel")), handedOver::add);

        nudging.nudge();
        handedOver.remove().run();
        assertThat(story).containsExactly("task", "sequel");
        assertThat(handedOver).hasSize(1);
        handedOver.remove().run();

        assertThat(story).containsExactly("task", "sequel", "task", "sequel");
        assertThat(handedOver).isEmpty();
    }

    @Test
    void nudges_during_the_sequel_are_followed_by_another_thread() {
        nudging = new Nudge(story("task"), sequel(story("sequel", 2)), task -> {
            handedOver.add(task);
            story.add("handed over");
        });

        nudging.nudge();
        handedOver.remove().run();
        assertThat(story).containsExactly("handed over", "task", "sequel", "handed over");
        handedOver.remove().run();

        assertThat(story).endsWith("task", "sequel");
        assertThat(handedOver).isEmpty();
    }

    @Test
    void a_sequel_that_goes_on_for_long_holds_up_no_nudge() throws InterruptedException {
        CountDownLatch goesOn = new CountDownLatch(1);
        nudging = new Nudge(runs::incrementAndGet, sequel(() -> awaitQuietly(goesOn)), threads);

        for (int run = 1; run <= 5; run++) {
            int wantedRuns = run;
            nudging.nudge();
            await().until(() -> runs.get() == wantedRuns);
        }

        goesOn.countDown();
    }

    @ParameterizedTest
    @ValueSource(classes = {RejectedExecutionException.class, IllegalStateException.class, LinkageError.class})
    void where_no_other_thread_is_to_be_had_nudges_go_before_the_sequel(Class<? extends Throwable> refusal) {
        nudging = new Nudge(story("task", 1), sequel(story("sequel")), task -> {
            if (!story.isEmpty()) {
                story.add("refused");
                Sneaky.<RuntimeException>sneak(refusal);
            }
            handedOver.add(task);
        });

        nudging.nudge();
        handedOver.remove().run();

        assertThat(story).containsExactly("task", "refused", "task", "sequel");
    }

    @Test
    void what_a_task_that_throws_has_left_is_done_nevertheless() {
        nudging = new Nudge(
                () -> {
                    throw new StackOverflowError("deliberate");
                },
                sequel(story("sequel")),
                handedOver::add);

        nudging.nudge();
        handedOver.remove().run();

        assertThat(story).containsExactly("sequel");
    }

    @Test
    void a_sequel_that_throws_does_no_harm() {
        nudging = new Nudge(
                story("task"),
                sequel(() -> {
                    throw new StackOverflowError("deliberate");
                }),
                handedOver::add);
        nudging.nudge();
        handedOver.remove().run();

        nudging.nudge();
        handedOver.remove().run();

        assertThat(story).containsExactly("task", "task");
    }

    private Runnable story(String name) {
        return story(name, 0);
    }

    /** Its first run nudges so many times. */
    private Runnable story(String name, int nudges) {
        return () -> {
            int times = story.contains(name) ? 0 : nudges;
            story.add(name);
            for (int i = 0; i < times; i++) {
                nudging.nudge();
            }
        };
    }

    private Nudge.Sequel sequel(Runnable work) {
        return new Nudge.Sequel() {
            @Override
            public boolean isWanted() {
                return wanted.get();
            }

            @Override
            public void run() {
                work.run();
            }
        };
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
