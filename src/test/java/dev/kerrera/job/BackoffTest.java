package dev.kerrera.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Positive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    private static final RandomGenerator LOWEST = fixed(0);
    private static final RandomGenerator HIGHEST = fixed(Math.nextDown(1.0));

    @ParameterizedTest
    @CsvSource({
        "1, 20, 17, 18",
        "2, 20, 19, 20",
        "3, 20, 23, 25",
        "4, 20, 31, 34",
        "5, 20, 47, 51",
        "10, 100, 19, 20",
        "20, 20, 1048591, 1153450",
        "100, 100, 1048591, 1153450",
        "99, 20, 1048591, 1153450"
    })
    void waits_are_obans(int attempt, int maxAttempts, long least, long most) {
        assertThat(Backoff.of(attempt, maxAttempts, LOWEST)).hasSeconds(least);
        assertThat(Backoff.of(attempt, maxAttempts, HIGHEST)).hasSeconds(most);
    }

    @Property
    void every_wait_lies_between_its_base_and_a_tenth_more(
            @ForAll @Positive int maxAttempts,
            @ForAll @IntRange(min = 0) int attempt,
            @ForAll @DoubleRange(max = 1, maxIncluded = false) double random) {
        long base = Backoff.of(attempt, maxAttempts, LOWEST).toSeconds();

        long wait = Backoff.of(attempt, maxAttempts, fixed(random)).toSeconds();

        assertThat(wait).isBetween(base, base + base / 10);
        assertThat(base).isBetween(16L, 15L + (1 << 20));
    }

    @Property
    void up_to_twenty_attempts_the_base_doubles_with_each(
            @ForAll @IntRange(min = 1, max = 20) int maxAttempts, @ForAll @IntRange(min = 0, max = 20) int attempt) {
        assertThat(Backoff.of(attempt, maxAttempts, LOWEST)).hasSeconds(15 + (1L << attempt));
    }

    @Property
    void beyond_twenty_attempts_the_last_has_the_longest_base(@ForAll @IntRange(min = 21) int maxAttempts) {
        assertThat(Backoff.of(maxAttempts, maxAttempts, LOWEST)).hasSeconds(15 + (1 << 20));
    }

    @Test
    void later_attempts_never_have_a_smaller_base() {
        for (int maxAttempts = 1; maxAttempts <= 100; maxAttempts++) {
            for (int attempt = 1; attempt < maxAttempts; attempt++) {
                assertThat(Backoff.of(attempt + 1, maxAttempts, LOWEST))
                        .isGreaterThanOrEqualTo(Backoff.of(attempt, maxAttempts, LOWEST));
            }
        }
    }

    @Test
    void senseless_counts_are_refused() {
        assertThatThrownBy(() -> Backoff.of(-1, 20, LOWEST)).hasMessage("attempt must be >= 0, was -1");
        assertThatThrownBy(() -> Backoff.of(1, 0, LOWEST)).hasMessage("maxAttempts must be > 0, was 0");
    }

    private static RandomGenerator fixed(double value) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("only nextDouble is asked for");
            }

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }
}
