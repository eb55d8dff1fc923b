package dev.kerrera.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "5ms, PT0.005S",
        "10s, PT10S",
        "5m, PT5M",
        "2h, PT2H",
        "1d, PT24H",
        "0s, PT0S",
        "10 s, PT10S",
        "'  10s ', PT10S",
        "10S, PT10S",
        "500MS, PT0.5S",
        "PT10S, PT10S",
        "pt1h30m, PT1H30M",
        "P1DT1S, PT24H1S",
        "PT0.25S, PT0.25S"
    })
    void short_and_iso_forms_are_read(String text, Duration meant) {
        assertThat(Durations.parse(text)).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10",
                "s",
                "-10s",
                "1.5s",
                "10sec",
                "10us",
                "1h30m",
                "P1M",
                "PT",
                "1234567890123s",
                "10 s s",
                "१०s",
                "PT99999999999999999999S"
            })
    void anything_else_is_not(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-5S", "-PT5S"})
    void iso_durations_may_be_negative_and_are_judged_by_the_reader(String text) {
        assertThat(Durations.parse(text)).contains(Duration.ofSeconds(-5));
    }
}
