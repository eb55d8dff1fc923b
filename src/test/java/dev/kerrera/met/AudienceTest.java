package dev.kerrera.met;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.MetSettings.Mode;
import dev.kerrera.met.Reporter.Identity;
import dev.kerrera.met.Reporter.Outlets;
import dev.kerrera.met.Reporter.Sources;
import dev.kerrera.testsupport.SettableClock;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AudienceTest {

    private static final String FROM_ELIXIR = "{\"metrics\":[],\"name\":\"Oban\",\"node\":\"web.1\",\"time\":1}";

    private final AtomicLong nanos = new AtomicLong(-5);
    private final SettableClock clock = new SettableClock("2026-01-01T12:00:00Z");

    @Test
    void nobody_is_there_at_first() {
        assertThat(new Audience(Mode.AUTO, nanos::get).present()).isFalse();
        assertThat(new Audience(Mode.ON, nanos::get).present()).isTrue();
        assertThat(new Audience(Mode.OFF, nanos::get).present()).isFalse();
        assertThat(new Audience(Mode.OFF, nanos::get).possible()).isFalse();
    }

    @Test
    void who_never_reports_is_not_moved_by_others() {
        Audience never = new Audience(Mode.OFF, nanos::get);

        never.heard(json(FROM_ELIXIR));

        assertThat(never.present()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"metrics\":7}",
                "{\"ident\":\"any\",\"metrics\":[],\"name\":\"Kerrera\",\"node\":\"java-2\",\"time\":1}",
                "{\"ident\":\"Kerrera.java-1\",\"metrics\":[]}"
            })
    void what_is_no_report_or_of_a_node_of_kerreras_does_not_count(String message) {
        Audience audience = new Audience(Mode.AUTO, nanos::get);

        audience.heard(json(message));

        assertThat(audience.present()).isFalse();
    }

    /** Each of three nodes hears all that is said, itself included, as over the server. */
    @Test
    void nodes_of_kerreras_fall_silent_together_when_the_last_elixir_node_has_gone() {
        List<Audience> audiences = new ArrayList<>();
        List<Reporter> reporters = new ArrayList<>();
        List<JsonObject> said = new ArrayList<>();
        for (Mode mode : List.of(Mode.AUTO, Mode.AUTO, Mode.ON)) {
            Audience audience = new Audience(mode, nanos::get);
            audiences.add(audience);
            reporters.add(reporter(audience, said, "java-" + reporters.size()));
        }
        audiences.forEach(audience -> audience.heard(json(FROM_ELIXIR)));

        List<Integer> perSecond = new ArrayList<>();
        for (int second = 0; second < 200; second++) {
            said.clear();
            reporters.forEach(Reporter::turn);
            said.forEach(message -> audiences.forEach(audience -> audience.heard(message)));
            perSecond.add(said.size());
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(perSecond.subList(0, 60)).containsOnly(3);
        assertThat(perSecond.subList(60, 200))
                .as("only the one that always reports")
                .containsOnly(1);
    }

    private Reporter reporter(Audience audience, List<JsonObject> metrics, String node) {
        return new Reporter(
                new Identity("Kerrera", node),
                audience,
                new Sources(
                        List::of,
                        new Recorder(),
                        new FullCounts(List::of, Runnable::run, nanos::get),
                        () -> true,
                        List::of),
                new Outlets(new Outlet(message -> {}), new Outlet(metrics::add), new Outlet(message -> {})),
                clock,
                () -> 0);
    }

    private static JsonObject json(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }
}
