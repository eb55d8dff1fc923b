package dev.kerrera.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoopStatusTest {

    @Test
    void a_loop_that_has_just_turned_is_turning() {
        Pulse pulse = new Pulse();
        pulse.beat();

        LoopStatus status = LoopStatus.of("Polling", pulse, Duration.ofSeconds(1));

        assertThat(status.name()).isEqualTo("Polling");
        assertThat(status.turning()).isTrue();
        assertThat(status.age()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
    }

    @Test
    void a_loop_that_missed_three_periods_and_two_minutes_is_not_turning() {
        Pulse pulse = new Pulse();
        pulse.beat();

        assertThat(LoopStatus.of("Polling", pulse, Duration.ofSeconds(-40)).turning())
                .isFalse();
        assertThat(LoopStatus.of("Polling", pulse, Duration.ofSeconds(-39)).turning())
                .isTrue();
    }

    @Test
    void a_beat_makes_the_pulse_young_again() {
        Pulse pulse = new Pulse();
        long start = System.nanoTime();
        pulse.beat();
        Duration age = pulse.age();

        assertThat(age).isBetween(Duration.ZERO, Duration.ofNanos(System.nanoTime() - start));
    }
}
