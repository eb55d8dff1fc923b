package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.task.Nudge;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GatheringTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final int LIMIT = 10;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final AtomicInteger dispatches = new AtomicInteger();
    private final Nudge dispatch = new Nudge(dispatches::incrementAndGet, Runnable::run);

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @Test
    void news_of_jobs_is_followed_at_once() {
        assertThat(gathering(HOUR).isWorth(1, LIMIT)).isTrue();
    }

    @Test
    void news_on_the_heels_of_a_fetch_that_found_few_is_followed_a_moment_after_it_began() {
        Duration moment = Duration.ofMillis(200);
        Gathering gathering = gathering(moment);
        long start = System.nanoTime();
        fetch(gathering, false);

        assertThat(gathering.isWorth(LIMIT, LIMIT)).isFalse();
        assertThat(gathering.isWorth(LIMIT, LIMIT)).isFalse();

        assertThat(timer.getQueue()).hasSize(1);
        await().until(() -> dispatches.get() == 1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(moment);
        assertThat(gathering.isWorth(LIMIT, LIMIT)).isTrue();
    }

    @Test
    void a_look_that_is_due_later_holds_up_none_that_is_due_sooner() {
        Gathering gathering = gathering(HOUR);
        gathering.fetching();
        gathering.fetched(false, Optional.of(HOUR));
        gathering.fetched(false, Optional.of(Duration.ofMillis(20)));
        gathering.fetched(false, Optional.of(HOUR));

        await().until(() -> dispatches.get() == 1);
    }

    @Test
    void a_fetch_that_has_not_looked_everywhere_is_followed_by_another() {
        Gathering gathering = gathering(HOUR);
        gathering.fetching();
        gathering.fetched(false, Optional.of(Duration.ofMillis(20)));

        await().until(() -> dispatches.get() == 1);
        assertThat(gathering.isWorth(LIMIT, LIMIT)).isTrue();
    }

    @Test
    void the_look_after_an_end_does_not_hold_up_news() {
        Gathering gathering = gathering(Duration.ofMillis(200));
        fetch(gathering, false);

        assertThat(gathering.isWorthAfterEnd(LIMIT, LIMIT)).isFalse();
        assertThat(gathering.isWorth(LIMIT, LIMIT)).isFalse();

        assertThat(timer.getQueue()).hasSize(2);
    }

    @Test
    void while_more_are_known_to_wait_half_of_the_places_come_together() {
        Gathering gathering = gathering(HOUR);
        fetch(gathering, true);

        assertThat(gathering.isWorthAfterEnd(4, LIMIT)).isFalse();
        assertThat(gathering.isWorthAfterEnd(5, LIMIT)).isTrue();
        assertThat(gathering.isWorth(250, 1_000)).isTrue();
    }

    @Test
    void places_that_do_not_come_together_are_used_after_a_moment() {
        Gathering gathering = gathering(Duration.ofMillis(50));
        fetch(gathering, true);

        assertThat(gathering.isWorthAfterEnd(1, LIMIT)).isFalse();

        await().until(() -> dispatches.get() == 1);
        assertThat(gathering.isWorth(1, LIMIT)).isTrue();
        fetch(gathering, true);
        assertThat(gathering.isWorth(1, LIMIT)).isFalse();
    }

    private static void fetch(Gathering gathering, boolean full) {
        gathering.fetching();
        gathering.fetched(full, Optional.empty());
    }

    private Gathering gathering(Duration moment) {
        Watchdog watchdog = new Watchdog(timer, Runnable::run, Duration.ZERO, Clock.systemUTC());
        return new Gathering(watchdog, dispatch, moment);
    }
}
