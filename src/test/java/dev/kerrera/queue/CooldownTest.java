package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.kerrera.task.Nudge;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class CooldownTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final Watchdog watchdog = new Watchdog(timer, Runnable::run, Duration.ZERO, Clock.systemUTC());
    private final List<Long> dispatches = new CopyOnWriteArrayList<>();
    private final Nudge nudge = new Nudge(() -> dispatches.add(System.nanoTime()), Runnable::run);

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @Test
    void the_first_trigger_of_a_quiet_queue_goes_through_at_once_and_the_next_waits() {
        Cooldown cooldown = new Cooldown(HOUR, watchdog, () -> 0L);

        cooldown.pass(nudge);
        assertThat(dispatches).hasSize(1);

        cooldown.pass(nudge);
        cooldown.pass(nudge);
        assertThat(dispatches).hasSize(1);
        assertThat(timer.getQueue()).hasSize(1);
    }

    @Test
    void all_that_come_while_it_cools_down_are_one_at_its_end() {
        Duration period = Duration.ofMillis(200);
        Cooldown cooldown = new Cooldown(period, watchdog, () -> 0L);

        for (int i = 0; i < 50; i++) {
            cooldown.pass(nudge);
        }

        await().until(() -> dispatches.size() == 2);
        assertThat(Duration.ofNanos(dispatches.get(1) - dispatches.get(0))).isGreaterThanOrEqualTo(period);
        cooldown.pass(nudge);
        assertThat(dispatches).as("the end begins another cooldown").hasSize(2);
        await().until(() -> dispatches.size() == 3);
    }

    @Test
    void without_a_cooldown_nothing_waits() {
        Cooldown cooldown = new Cooldown(Duration.ZERO, watchdog, () -> 0L);

        cooldown.pass(nudge);
        cooldown.pass(nudge);

        assertThat(dispatches).hasSize(2);
    }

    @Test
    void without_a_timer_too_often_is_better_than_never() {
        timer.shutdownNow();
        Cooldown cooldown = new Cooldown(HOUR, watchdog, () -> 0L);

        cooldown.pass(nudge);
        cooldown.pass(nudge);

        assertThat(dispatches).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"0, 1000", "0.25, 750", "0.4999, 501", "0.5, 1500", "0.75, 1750", "0.9999, 1999"})
    void the_jitter_is_obans_of_both_signs(double share, long jittered) {
        assertThat(Cooldown.jittered(1000, share)).isCloseTo(jittered, within(1L));
    }
}
