package dev.kerrera.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TelemetryTest {

    private static final KerreraEvent EVENT = new NotifierSwitched(true, "a test");

    private final List<String> told = new ArrayList<>();

    @Test
    void every_sink_is_told_in_order() {
        new Telemetry(List.of(event -> told.add("first " + event), event -> told.add("second " + event))).emit(EVENT);

        assertThat(told).containsExactly("first " + EVENT, "second " + EVENT);
    }

    @Test
    void a_sink_that_throws_keeps_nothing_from_the_others_nor_from_who_emits() {
        Telemetry telemetry = new Telemetry(List.of(
                event -> {
                    throw new IllegalStateException("a sink failed");
                },
                event -> {
                    throw new NoClassDefFoundError("a sink misses a class");
                },
                event -> told.add("third")));

        telemetry.emit(EVENT);
        telemetry.emit(EVENT);

        assertThat(told).containsExactly("third", "third");
    }

    @Test
    void later_changes_to_the_list_do_not_matter() {
        List<java.util.function.Consumer<KerreraEvent>> sinks = new ArrayList<>();
        sinks.add(event -> told.add("first"));
        Telemetry telemetry = new Telemetry(sinks);
        sinks.clear();

        telemetry.emit(EVENT);

        assertThat(told).containsExactly("first");
    }
}
