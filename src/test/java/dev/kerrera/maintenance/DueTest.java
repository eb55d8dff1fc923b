package dev.kerrera.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.CatchUp;
import dev.kerrera.cron.CronExpression;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class DueTest {

    private static final Duration WEEK = Duration.ofDays(7);
    private static final CatchUp SKIP = new CatchUp(0);
    private static final CatchUp ONCE = new CatchUp(1);

    @Test
    void nothing_is_due_before_its_time_and_at_its_time_it_is() {
        assertThat(due("0 * * * *", "11:00", "11:59:59.999", ONCE).times()).isEmpty();
        assertThat(times("0 * * * *", "11:00", "12:00", ONCE)).containsExactly("12:00");
        assertThat(times("0 * * * *", "12:00", "12:00:01", ONCE)).isEmpty();
    }

    @Test
    void what_is_not_older_than_the_tolerance_was_not_missed() {
        assertThat(times("* * * * *", "11:55", "12:00", SKIP)).containsExactly("11:58", "11:59", "12:00");
        assertThat(times("* * * * *", "11:55", "12:00:00.000001", SKIP)).containsExactly("11:59", "12:00");
        assertThat(times("0 * * * *", "11:00", "12:02", SKIP)).containsExactly("12:00");
        assertThat(times("0 * * * *", "11:00", "12:02:00.000001", SKIP)).isEmpty();
    }

    @Test
    void the_latest_missed_times_are_made_up_for_as_many_as_the_catch_up_says() {
        assertThat(times("0 * * * *", "05:00", "12:30", SKIP)).isEmpty();
        assertThat(times("0 * * * *", "05:00", "12:30", ONCE)).containsExactly("12:00");
        assertThat(times("0 * * * *", "05:00", "12:30", new CatchUp(3))).containsExactly("10:00", "11:00", "12:00");
        assertThat(times("0 * * * *", "05:00", "12:30", new CatchUp(1000)))
                .containsExactly("06:00", "07:00", "08:00", "09:00", "10:00", "11:00", "12:00");
    }

    @Test
    void missed_times_are_followed_by_those_on_their_way() {
        assertThat(times("*/10 * * * *", "11:00", "12:00:30", ONCE)).containsExactly("11:50", "12:00");
        assertThat(times("*/10 * * * *", "11:00", "12:00:30", SKIP)).containsExactly("12:00");
    }

    @Test
    void the_latest_missed_time_is_told_whatever_becomes_of_it() {
        assertThat(due("0 * * * *", "05:00", "12:30", SKIP).passedOver()).contains(at("12:00"));
        assertThat(due("0 * * * *", "05:00", "12:30", ONCE).passedOver()).contains(at("12:00"));
        assertThat(due("0 * * * *", "11:00", "12:01", ONCE).passedOver()).isEmpty();
        assertThat(due("0 * * * *", "12:00", "12:30", ONCE).passedOver()).isEmpty();
    }

    @Test
    void what_is_older_than_the_memory_is_not_made_up_for() {
        Duration memory = Duration.ofMinutes(90);

        assertThat(times("0 * * * *", "05:00", "12:30", new CatchUp(9), memory)).containsExactly("11:00", "12:00");
        assertThat(times("0 * * * *", "05:00", "12:30:00.000001", new CatchUp(9), memory))
                .containsExactly("12:00");
        assertThat(times("0 0 * * *", "00:00", "23:59", new CatchUp(9), memory)).isEmpty();
        assertThat(times("0 * * * *", "05:00", "12:01", new CatchUp(9), Duration.ZERO))
                .containsExactly("12:00");
    }

    @Test
    void the_latest_of_many_missed_times_are_found_however_far_apart_they_are() {
        Instant now = Instant.parse("2026-01-01T12:00:30Z");
        Duration years = Duration.ofDays(3650);

        List<Instant> often = Due.of(schedule("* * * * *"), Instant.MIN, now, new CatchUp(1000), years)
                .times();
        List<Instant> seldom = Due.of(schedule("@yearly"), Instant.MIN, now, new CatchUp(5), years)
                .times();

        assertThat(often).hasSize(1002).isSorted().startsWith(Instant.parse("2025-12-31T19:19:00Z"));
        assertThat(seldom)
                .extracting(Instant::toString)
                .containsExactly(
                        "2022-01-01T00:00:00Z",
                        "2023-01-01T00:00:00Z",
                        "2024-01-01T00:00:00Z",
                        "2025-01-01T00:00:00Z",
                        "2026-01-01T00:00:00Z");
        assertThat(Due.of(schedule("@yearly"), Instant.MIN, now, new CatchUp(99), years)
                        .times())
                .hasSize(10);
    }

    @Test
    void a_row_that_is_ahead_of_the_clock_owes_nothing() {
        assertThat(times("* * * * *", "12:30", "12:00", new CatchUp(1000))).isEmpty();
        assertThat(due("* * * * *", "12:30", "12:00", ONCE).passedOver()).isEmpty();
        assertThat(Due.of(schedule("* * * * *"), Instant.MAX, at("12:00"), ONCE, WEEK)
                        .times())
                .isEmpty();
    }

    private static List<String> times(String expression, String last, String now, CatchUp catchUp) {
        return times(expression, last, now, catchUp, WEEK);
    }

    private static List<String> times(String expression, String last, String now, CatchUp catchUp, Duration within) {
        return due(expression, last, now, catchUp, within).times().stream()
                .map(time -> time.toString().substring(11, 16))
                .toList();
    }

    private static Due due(String expression, String last, String now, CatchUp catchUp) {
        return due(expression, last, now, catchUp, WEEK);
    }

    private static Due due(String expression, String last, String now, CatchUp catchUp, Duration within) {
        return Due.of(schedule(expression), at(last), at(now), catchUp, within);
    }

    private static Schedule schedule(String expression) {
        return new Schedule("a", CronExpression.parse(expression), ZoneId.of("Etc/UTC"));
    }

    private static Instant at(String time) {
        return Instant.parse("2026-01-01T" + time + (time.length() == 5 ? ":00Z" : "Z"));
    }
}
