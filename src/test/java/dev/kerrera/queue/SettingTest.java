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
        assertThat(say(true)).isTrue();
        assertThat(say(true)).isFalse();
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
        say(false);

        assertThat(heed(order("mail", "", true, 0, 0, NEW))).isFalse();
        assertThat(paused.get()).isFalse();
    }

    @Test
    void an_order_given_before_something_was_said_is_outdated() {
        say(true);

        assertThat(heed(order("mail", "", false, 0, 0, OLD))).isFalse();
        assertThat(paused.get()).isTrue();
    }

    @Test
    void an_order_given_after_something_was_said_holds() {
        say(true);

        assertThat(paused.heed(List.of(order("mail", "", false, 0, 0, NEW)), System.nanoTime() + 1))
                .isTrue();
        assertThat(paused.get()).isFalse();
    }

    @Test
    void what_is_said_while_the_table_is_asked_is_the_later() {
        long readAt = System.nanoTime();
        say(false);

        paused.heed(List.of(order("mail", "", true, 0, 0, NEW)), readAt);

        assertThat(paused.get()).isFalse();
    }

    @Test
    void a_change_of_the_other_part_of_an_order_is_no_news_however_often_it_comes() {
        heed(order("mail", "", true, 0, 0, OLD));
        say(false);
        LastingOrder scaled = order("mail", "", true, 7, 0, OLD);

        assertThat(later(scaled)).isFalse();
        assertThat(later(new LastingOrder("mail", "", scaled.paused(), part(7, 5, NEW))))
                .isFalse();
        assertThat(later(new LastingOrder("mail", "", scaled.paused(), part(7, 9, NEW))))
                .isFalse();
        assertThat(paused.get()).isFalse();
    }

    @Test
    void an_order_given_again_is_news() {
        heed(order("mail", "", true, 7, 0, OLD));
        say(false);

        assertThat(later(order("mail", "", true, 7, 5, NEW))).isTrue();
        assertThat(paused.get()).isTrue();
    }

    @Test
    void an_order_heard_a_second_time_changes_nothing() {
        long first = System.nanoTime();
        paused.say(true, first);
        assertThat(heed(order("mail", "", true, 0, 0, NEW))).isFalse();

        assertThat(say(true)).isFalse();

        assertThat(heed(order("mail", "", true, 0, 0, NEW))).isFalse();
        assertThat(paused.get()).isTrue();
        assertThat(later(order("mail", "", false, 0, 5, NEW))).isTrue();
        assertThat(paused.get()).isFalse();
    }

    @Test
    void an_order_that_comes_out_of_turn_undoes_no_later_one() {
        long first = System.nanoTime();
        paused.say(false, first + 1);

        assertThat(paused.say(true, first)).isFalse();
        assertThat(paused.get()).isFalse();
    }

    @Test
    void an_order_from_before_a_lasting_one_does_not_undo_it() {
        long heardAt = System.nanoTime();
        later(order("mail", "", true, 0, 0, NEW));

        assertThat(paused.say(false, heardAt)).isFalse();
        assertThat(paused.get()).isTrue();
    }

    @Test
    void an_order_given_before_another_was_heeded_and_committed_after_that_holds() {
        long readAt = System.nanoTime();
        paused.heed(List.of(order("mail", "", true, 0, 0, Duration.ofSeconds(60))), readAt);

        assertThat(heed(order("mail", "", false, 0, 1, Duration.ofSeconds(59)))).isTrue();
        assertThat(paused.get()).isFalse();
    }

    @Test
    void an_order_of_tomorrow_is_given_now() {
        heed(order("mail", "", true, 0, 0, Duration.ofDays(-1)));

        assertThat(say(false)).isTrue();
        assertThat(paused.get()).isFalse();
    }

    @Test
    void an_order_in_place_of_another_is_news() {
        heed(order("mail", "", true, 0, 0, OLD));

        assertThat(later(order("*", "", false, 0, 5, NEW))).isTrue();
        assertThat(paused.get()).isFalse();
    }

    private boolean say(boolean wanted) {
        return paused.say(wanted, System.nanoTime());
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
                paused == null ? Optional.empty() : part(paused, secondsAfterNoon, age),
                limit == 0 ? Optional.empty() : part(limit, secondsAfterNoon, age));
    }

    private static <T> Optional<LastingOrder.Part<T>> part(T value, int secondsAfterNoon, Duration age) {
        return Optional.of(new LastingOrder.Part<>(value, NOON.plusSeconds(secondsAfterNoon), age));
    }
}
