package dev.kerrera.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatienceTest {

    private static final Duration MOST = Duration.ofSeconds(102);
    private static final RandomGenerator LOWEST = () -> 0L;
    private static final RandomGenerator MIDDLE = () -> 1L << 63;
    private static final RandomGenerator HIGHEST = () -> -1L;

    @ParameterizedTest
    @CsvSource({"0, 100", "1, 200", "2, 400", "9, 51200", "10, 102000", "11, 102000", "62, 102000", "2147483647, 102000"
    })
    void doubles_from_100_ms_up_to_the_most(int failures, long millis) {
        assertThat(new Patience(MOST, MIDDLE).after(failures)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"0, 90, 110", "3, 720, 880", "30, 91800, 112200"})
    void is_jittered_by_a_tenth(int failures, long least, long most) {
        assertThat(new Patience(MOST, LOWEST).after(failures)).isEqualTo(Duration.ofMillis(least));
        assertThat(new Patience(MOST, HIGHEST).after(failures))
                .isBetween(Duration.ofMillis(most - 1), Duration.ofMillis(most));
    }

    @Test
    void is_never_out_of_bounds() {
        Random random = new Random(7);
        Patience patience = new Patience(Duration.ofSeconds(30), random);
        for (int i = 0; i < 10_000; i++) {
            assertThat(patience.after(random.nextInt(40))).isBetween(Duration.ofMillis(90), Duration.ofSeconds(33));
        }
    }

    @Test
    void a_most_below_100_ms_holds_from_the_first_failure() {
        assertThat(new Patience(Duration.ofMillis(40), MIDDLE).after(0)).isEqualTo(Duration.ofMillis(40));
    }
}
