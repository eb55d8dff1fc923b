package dev.kerrera.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.telemetry.Connectivity;
import dev.kerrera.telemetry.ConnectivitySwitched;
import dev.kerrera.telemetry.Telemetry;
import dev.kerrera.telemetry.TestTelemetry;
import dev.kerrera.testsupport.CapturedLog;
import dev.kerrera.testsupport.RecordedEvents;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SonarTest {

    private final AtomicLong nanos = new AtomicLong(-7); // such a clock may be negative
    private final List<JsonObject> sent = new ArrayList<>();
    private final RecordedEvents events = new RecordedEvents();
    private final Sonar sonar = sonar(new Fixed(1.0 / 3)); // no jitter

    @Nested
    class Status {

        @Test
        void nothing_is_known_before_the_first_ping_had_its_time() {
            assertThat(sonar.status()).isEqualTo(Connectivity.UNKNOWN);

            sonar.turn();

            assertThat(sonar.status()).isEqualTo(Connectivity.UNKNOWN);
            assertThat(sonar.nodes()).isEmpty();
            assertThat(switched()).isEmpty();
        }

        @Test
        void who_hears_itself_alone_is_solitary() {
            sonar.turn();
            hear("java-1");

            assertThat(sonar.status()).isEqualTo(Connectivity.SOLITARY);
            assertThat(sonar.nodes()).containsExactly("java-1");
            assertThat(switched())
                    .containsExactly(new ConnectivitySwitched(
                            Connectivity.SOLITARY,
                            List.of("java-1"),
                            "This node is solitary: it hears itself and no other"));
        }

        @Test
        void who_hears_another_is_clustered() {
            hear("java-1");
            hear("web.2");
            hear("app@host");

            assertThat(sonar.status()).isEqualTo(Connectivity.CLUSTERED);
            assertThat(sonar.nodes()).containsExactly("app@host", "java-1", "web.2");
            assertThat(switched())
                    .as("a change of status is told, a further node is not")
                    .extracting(ConnectivitySwitched::status)
                    .containsExactly(Connectivity.SOLITARY, Connectivity.CLUSTERED);
            assertThat(switched().get(1).reason()).isEqualTo("This node is clustered: it hears java-1, web.2");
        }

        @Test
        void who_hears_only_another_is_clustered_too() {
            hear("web.2");

            assertThat(sonar.status()).isEqualTo(Connectivity.CLUSTERED);
        }

        @Test
        void who_hears_not_even_itself_is_isolated_and_told_what_to_do() {
            sonar.turn();
            pass(Duration.ofSeconds(5));
            try (CapturedLog log = CapturedLog.of("dev.kerrera")) {
                sonar.turn();

                assertThat(log.messages(Level.WARNING))
                        .singleElement()
                        .asString()
                        .contains(
                                "isolated",
                                "not even itself",
                                "pooler",
                                "kerrera.notifier.url",
                                "kerrera.notifier.mode");
            }
            assertThat(sonar.status()).isEqualTo(Connectivity.ISOLATED);

            try (CapturedLog log = CapturedLog.of("dev.kerrera")) {
                sonar.turn();
                hear("java-1");

                assertThat(log.messages(Level.WARNING)).isEmpty();
                assertThat(log.messages(Level.INFO)).hasSize(1);
            }
        }

        @Test
        void who_has_been_silent_for_two_minutes_is_forgotten_at_the_next_ping() {
            hear("web.2");
            pass(Duration.ofSeconds(120));
            hear("java-1");
            sonar.turn();
            sonar.turn();
            assertThat(sonar.nodes()).as("two minutes are not too long").containsExactly("java-1", "web.2");

            pass(Duration.ofNanos(1));
            sonar.turn();

            assertThat(sonar.nodes()).containsExactly("java-1");
            assertThat(sonar.status()).isEqualTo(Connectivity.SOLITARY);

            pass(Duration.ofSeconds(121));
            sonar.turn();
            assertThat(sonar.status()).isEqualTo(Connectivity.ISOLATED);
        }

        @Test
        void what_names_no_node_says_nothing() {
            for (JsonValue nonsense :
                    List.of(JsonValue.NULL, JsonValue.TRUE, Json.createValue(7), JsonValue.EMPTY_JSON_ARRAY)) {
                sonar.heard(Json.createObjectBuilder().add("node", nonsense).build());
            }
            sonar.heard(Json.createObjectBuilder().add("ping", true).build());

            assertThat(sonar.status()).isEqualTo(Connectivity.UNKNOWN);
        }

        @Test
        void the_time_and_the_ping_that_others_send_do_not_matter() {
            sonar.heard(Json.createObjectBuilder()
                    .add("node", "web.2")
                    .add("ping", "ping")
                    .add("time", -1)
                    .build());
            sonar.turn();
            sonar.turn();

            assertThat(sonar.nodes()).containsExactly("web.2");
        }

        @Test
        void a_flood_of_invented_nodes_is_bounded_and_never_hides_this_one() {
            for (int node = 0; node < 5_000; node++) {
                hear("invented-" + node);
            }
            hear("java-1");

            assertThat(sonar.nodes()).hasSize(1_001).contains("java-1");
        }
    }

    @Nested
    class Pings {

        @Test
        void a_ping_names_the_node_and_carries_no_time() {
            sonar.turn();

            assertThat(sent).hasToString("[{\"node\":\"java-1\",\"ping\":true}]");
        }

        @Test
        void a_solitary_node_pings_after_5_seconds_and_then_ever_later_up_to_a_minute() {
            sonar.turn();
            hear("java-1");

            assertThat(pauses(7)).containsExactly(5, 10, 20, 40, 60, 60, 60);
            assertThat(sent).hasSize(7);
        }

        @Test
        void an_isolated_node_pings_every_5_seconds() {
            sonar.turn();

            assertThat(pauses(5)).containsExactly(5, 5, 5, 5, 5);
        }

        @Test
        void clustered_nodes_ping_every_5_seconds_for_each_of_them() {
            sonar.turn();
            hear("java-1");
            hear("web.1");
            hear("web.2");

            assertThat(pauses(4)).containsExactly(5, 10, 15, 15);
        }

        @Test
        void twelve_nodes_and_more_ping_once_a_minute() {
            sonar.turn();
            for (int node = 0; node < 40; node++) {
                hear("web." + node);
            }

            assertThat(pauses(6)).containsExactly(5, 10, 20, 40, 60, 60);
        }

        @Test
        void a_node_that_has_gone_makes_pings_frequent_again() {
            sonar.turn();
            hear("java-1");
            hear("web.1");
            hear("web.2");
            assertThat(pauses(4)).containsExactly(5, 10, 15, 15);

            pass(Duration.ofSeconds(60));
            hear("java-1");
            hear("web.1");
            pass(Duration.ofSeconds(61));
            sonar.turn();

            assertThat(sonar.nodes()).containsExactly("java-1", "web.1");
            assertThat(pauses(3)).containsExactly(5, 10, 10);
        }

        @Test
        void pauses_are_jittered_from_a_twentieth_less_to_a_tenth_more() {
            assertThat(sonar(new Fixed(0)).pause()).isEqualTo(Duration.ofMillis(4_750));
            assertThat(sonar(new Fixed(Math.nextDown(1.0))).pause())
                    .isBetween(Duration.ofMillis(5_499), Duration.ofMillis(5_500));
        }

        /** The pauses in seconds from now on; this node goes on hearing whom it hears. */
        private List<Integer> pauses(int count) {
            List<Integer> pauses = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                pauses.add((int) sonar.pause().toSeconds());
                if (i < count - 1) {
                    List.copyOf(sonar.nodes()).forEach(SonarTest.this::hear);
                    pass(sonar.pause());
                    sonar.turn();
                }
            }
            return pauses;
        }
    }

    private Sonar sonar(RandomGenerator random) {
        return new Sonar("java-1", sent::add, new Telemetry(List.of(events, TestTelemetry.log())), nanos::get, random);
    }

    private void hear(String node) {
        sonar.heard(Messages.ping(node));
    }

    private void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    private List<ConnectivitySwitched> switched() {
        return events.of(ConnectivitySwitched.class);
    }

    private record Fixed(double value) implements RandomGenerator {

        @Override
        public long nextLong() {
            throw new UnsupportedOperationException();
        }

        @Override
        public double nextDouble() {
            return value;
        }
    }
}
