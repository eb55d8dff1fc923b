package dev.kerrera.met;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.engine.Counting.Count;
import dev.kerrera.job.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FullCountsTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 3); // such a clock may overflow
    private final AtomicInteger counted = new AtomicInteger();
    private Duration takes = Duration.ZERO;
    private final FullCounts counts = new FullCounts(this::count, Runnable::run, nanos::get);

    @Test
    void a_quick_count_is_taken_each_second() {
        assertThat(counts.latest()).hasSize(1);
        counts.latest();
        assertThat(counted).hasValue(1);

        pass(Duration.ofMillis(999));
        counts.latest();
        assertThat(counted).hasValue(1);

        pass(Duration.ofMillis(1));
        counts.latest();
        assertThat(counted).hasValue(2);
    }

    @Test
    void a_slow_count_is_taken_so_seldom_that_it_takes_a_twentieth_of_the_time() {
        takes = Duration.ofSeconds(3);
        for (int second = 0; second < 600; second++) {
            assertThat(counts.latest()).as("what is known is told meanwhile").hasSize(1);
            pass(Duration.ofSeconds(1));
        }

        Duration counting = takes.multipliedBy(counted.get());
        assertThat(counting).isLessThanOrEqualTo(Duration.ofSeconds(600 / 20 + 3));
        assertThat(counted).hasValueGreaterThan(8);
    }

    @Test
    void after_a_failure_it_is_not_tried_every_second() {
        FullCounts failing = new FullCounts(
                () -> {
                    counted.incrementAndGet();
                    throw new IllegalStateException("the database is gone");
                },
                Runnable::run,
                nanos::get);
        for (int second = 0; second < 30; second++) {
            assertThat(failing.latest()).isEmpty();
            pass(Duration.ofSeconds(1));
        }

        assertThat(counted).hasValue(3);
    }

    @Test
    void whoever_asks_does_not_wait_and_asking_twice_counts_once() {
        List<Runnable> later = new ArrayList<>();
        FullCounts slow = new FullCounts(this::count, later::add, nanos::get);

        assertThat(slow.latest()).isEmpty();
        assertThat(slow.latest()).isEmpty();
        later.forEach(Runnable::run);

        assertThat(slow.latest()).hasSize(1);
        assertThat(counted).hasValue(1);
    }

    @Test
    void what_is_forgotten_is_not_told_again() {
        counts.latest();
        counts.forget();

        assertThat(counts.latest()).isEmpty();
    }

    private List<Count> count() {
        counted.incrementAndGet();
        pass(takes);
        return List.of(new Count(JobState.AVAILABLE, "mail", 1));
    }

    private void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}
