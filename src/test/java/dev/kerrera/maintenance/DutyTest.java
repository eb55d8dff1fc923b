package dev.kerrera.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DutyTest {

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final AtomicBoolean leading = new AtomicBoolean();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger acts = new AtomicInteger();
    private final Duty duty = new Duty("Sweeping", Duration.ofMillis(2), this::leads, acts::incrementAndGet, () -> 0L);

    @AfterEach
    void end() {
        duty.stop();
        timer.shutdownNow();
    }

    @Test
    void it_is_done_while_this_node_leads_and_not_before_or_after() {
        duty.start(timer);
        awaitTurns();
        assertThat(acts).hasValue(0);

        leading.set(true);
        await().until(() -> acts.get() > 3);

        leading.set(false);
        awaitTurns();
        int done = acts.get();
        awaitTurns();
        assertThat(acts).hasValue(done);
    }

    @Test
    void its_loop_turns_on_nodes_that_do_not_lead_too() {
        assertThat(duty.status().name()).isEqualTo("Sweeping");
        duty.start(timer);

        awaitTurns();

        assertThat(duty.status().turning()).isTrue();
    }

    @Test
    void who_cannot_tell_whether_it_leads_does_nothing_and_asks_again() {
        AtomicInteger failures = new AtomicInteger(3);
        Duty unsure = new Duty(
                "Sweeping",
                Duration.ofMillis(2),
                () -> {
                    if (failures.getAndDecrement() > 0) {
                        throw new IllegalStateException("who knows");
                    }
                    return true;
                },
                () -> {
                    assertThat(failures).hasNonPositiveValue();
                    acts.incrementAndGet();
                },
                () -> 0L);

        unsure.start(timer);

        await().until(() -> acts.get() > 3);
        unsure.stop();
    }

    @Test
    void after_its_stop_nobody_is_asked() {
        leading.set(true);
        duty.start(timer);
        await().until(() -> acts.get() > 3);

        duty.stop();

        int before = asked.get();
        await().until(() ->
                timer.getActiveCount() == 0 && timer.getQueue().stream().noneMatch(turn -> due(turn)));
        assertThat(asked).hasValue(before);
    }

    private static boolean due(Runnable turn) {
        return turn instanceof Future<?> future && !future.isCancelled();
    }

    private boolean leads() {
        asked.incrementAndGet();
        return leading.get();
    }

    private void awaitTurns() {
        int before = asked.get();
        await().until(() -> asked.get() > before + 3);
    }
}
