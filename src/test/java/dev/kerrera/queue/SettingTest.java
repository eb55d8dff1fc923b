package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.engine.LastingOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What was said last holds, whichever way it was said. */
class SettingTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration OLD = Duration.ofDays(1);
    private static final Duration NEW = Duration.ZERO;

    private final Setting<Boolean> paused = new Setting<>(false, LastingOrder::paused);

    @Test
    void it_begins_as_configured() {
        assertThat(paused.get()).isFalse();
        assertThat(heed()).isFalse();
        assertThat(paused.get()).isFalse();
    }

    @Test
    void what_is_said_is_a_change_unless_it_is_so_already() {
        assertThat(paused.say(true)).isTrue();
        assertThat(paused.say(true)).isFalse();
        assertThat(paused.get()).isTrue();
    }

    @Test
    void an_order_goes_before_the_configuration_however_old_it_is() {
        assertThat(heed(order("mail", "", true, 0, 0, OLD))).isTrue();
        assertThat(paused.get()).isTrue();
    }

    @Test
    void of_several_orders_the_first_that_says_something_holds() {
        heed(
                order("mail", "here", null, 5, 0, OLD),
                order("mail", "", true, 0, 0, OLD),
                order("*", "", false, 0, 1, NEW));

        assertThat(paused.get()).isTrue();
    }

    @Test
    void an_order_counts_once() {
        heed(order("mail", "", true, 0, 0, NEW));
        paused.say(false);

        assertThat(heed(order("mail", "", true, 0, 0, NEW))).isFalse();
        assertThat(paused.get()).isFalse();
    }

    @Test
    void an_order_given_before_something_was_said_is_outdated() {
        paused.say(true);

        assertThat(heed(order("mail", "", false, 0, 0, OLD))).isFalse();
        assertThat(paused.get()).isTrue();
    }

    @Test
    void an_order_given_after_something_was_said_holds() {
        paused.say(true);

        assertThat(paused.heed(List.of(order("mail", "", false, 0, 0, NEW)), System.nanoTime() + 1))
                .isTrue();
        assertThat(paused.get()).isFalse();
    }

    @Test
    void what_is_said_while_the_table_is_asked_is_the_later() {
        long readAt = System.nanoTime();
        paused.say(false);

        paused.heed(List.of(order("mail", "", true, 0, 0, NEW)), readAt);

        assertThat(paused.get()).isFalse();
    }

    @Test
    void a_change_of_the_other_part_of_an_order_is_no_news() {
        heed(order("mail", "", true, 0, 0, OLD));
        paused.say(false);

        assertThat(later(order("mail", "", true, 7, 5, NEW))).isFalse();
        assertThat(later(order("mail", "", true, 7, 5, NEW))).isFalse();
        assertThat(paused.get()).isFalse();
    }

    @Test
    void an_order_given_again_is_news() {
        heed(order("mail", "", true, 7, 0, OLD));
        paused.say(false);

        assertThat(later(order("mail", "", true, 7, 5, NEW))).isTrue();
        assertThat(paused.get()).isTrue();
    }

    @Test
    void an_order_in_place_of_another_is_news() {
        heed(order("mail", "", true, 0, 0, OLD));

        assertThat(later(order("*", "", false, 0, 5, NEW))).isTrue();
        assertThat(paused.get()).isFalse();
    }

    private boolean heed(LastingOrder... orders) {
        return paused.heed(List.of(orders), System.nanoTime());
    }

    private boolean later(LastingOrder order) {
        return paused.heed(List.of(order), System.nanoTime() + 1_000);
    }

    private static LastingOrder order(
            String queue, String node, Boolean paused, int limit, int secondsAfterNoon, Duration age) {
        return new LastingOrder(
                queue,
                node,
                Optional.ofNullable(paused),
                limit == 0 ? Optional.empty() : Optional.of(limit),
                NOON.plusSeconds(secondsAfterNoon),
                age);
    }
}
