package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.engine.Position;
import dev.kerrera.job.Job;
import dev.kerrera.testsupport.SampleJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BookmarkTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Instant TIME = Instant.parse("2026-01-01T12:00:00Z");
    private static final Job EARLY = job(0, 1);
    private static final Job LATE = job(0, 2);
    private static final Job LAST = job(3, 1);

    private long now;
    private final Bookmark bookmark = bookmark(HOUR, HOUR);

    private Bookmark bookmark(Duration between, Duration atLeast) {
        return new Bookmark(() -> now, between, atLeast);
    }

    private static Job job(int priority, long id) {
        return SampleJob.at(TIME).id(id).priority(priority).job();
    }

    private static Position fetch(Bookmark any, boolean full, Job... found) {
        Position from = any.next();
        any.fetched(List.of(found), full);
        return from;
    }

    /** A full one that takes so long. */
    private Position fetch(Bookmark any, Duration took, Job... found) {
        Position from = any.next();
        pass(took);
        any.fetched(List.of(found), true);
        return from;
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private static Position littleBefore(Job job) {
        return new Position(job.priority(), job.scheduledAt().minusMillis(200), 0);
    }

    @Test
    void a_fetch_goes_on_where_the_last_one_ended() {
        assertThat(fetch(bookmark, true, EARLY)).isEqualTo(Position.TOP);
        assertThat(fetch(bookmark, true, LATE, LAST)).isEqualTo(Position.of(EARLY));
        assertThat(bookmark.next()).isEqualTo(Position.of(LAST));
    }

    @Test
    void a_job_that_was_passed_is_met_again_from_the_top_alone_which_comes_late() {
        Bookmark quick = bookmark(Duration.ofMillis(10), Duration.ofSeconds(1));
        fetch(quick, true, EARLY);
        quick.next();
        quick.pass(Position.of(LATE));
        assertThat(fetch(quick, false)).isEqualTo(Position.of(LATE));

        pass(Duration.ofMillis(900));
        quick.news();
        assertThat(fetch(quick, false)).isEqualTo(Position.of(LATE));
        pass(Duration.ofMillis(100));
        assertThat(quick.next()).isEqualTo(Position.TOP);
    }

    @Test
    void news_leads_back_to_the_top_but_only_now_and_then() {
        fetch(bookmark, true, EARLY);
        bookmark.news();
        assertThat(fetch(bookmark, true, LATE)).isEqualTo(Position.of(EARLY));

        pass(HOUR);
        bookmark.news();
        assertThat(fetch(bookmark, true, LATE)).isEqualTo(Position.TOP);
        assertThat(fetch(bookmark, true, LATE)).as("without further news").isEqualTo(Position.of(LATE));
    }

    @Test
    void a_fetch_that_found_few_leads_back_to_the_top_unless_it_came_from_there() {
        Bookmark always = bookmark(Duration.ZERO, HOUR);
        assertThat(fetch(always, true, EARLY)).isEqualTo(Position.TOP);

        assertThat(fetch(always, false, LATE)).isEqualTo(Position.of(EARLY));
        assertThat(always.next()).isEqualTo(Position.TOP);
    }

    @Test
    void where_the_way_from_the_top_is_long_it_is_gone_less_often_and_meanwhile_a_little_back() {
        Bookmark any = bookmark(MOMENT, HOUR);
        any.next();
        pass(MOMENT);
        any.fetched(List.of(EARLY), true);
        for (int i = 0; i < 80; i++) { // until the averages are what is measured
            pass(HOUR);
            assertThat(fetch(any, Duration.ofMillis(9), LATE)).isEqualTo(Position.TOP);
            assertThat(fetch(any, MOMENT, EARLY)).isEqualTo(Position.of(LATE));
        }

        any.news();
        pass(Duration.ofMillis(100));
        assertThat(fetch(any, true, EARLY)).isEqualTo(littleBefore(EARLY));
        assertThat(fetch(any, true, EARLY)).as("at once").isEqualTo(Position.of(EARLY));
        any.news();
        pass(Duration.ofMillis(60)); // 1 + 100 + 60 > 20 * 8
        assertThat(any.next()).isEqualTo(Position.TOP);
    }

    @Test
    void one_slow_fetch_from_the_top_does_not_keep_others_from_it_for_long() {
        Bookmark any = bookmark(MOMENT, HOUR);
        fetch(any, Duration.ofMillis(8), EARLY); // an eighth of it counts, twenty times
        any.news();
        pass(Duration.ofMillis(19));
        assertThat(fetch(any, true, EARLY)).isEqualTo(littleBefore(EARLY));
        pass(MOMENT);

        assertThat(any.next()).isEqualTo(Position.TOP);
    }

    @Test
    void a_slow_fetch_from_elsewhere_does_not_make_the_way_from_the_top_seem_short() {
        Bookmark any = bookmark(MOMENT, Duration.ofSeconds(1));
        fetch(any, MOMENT, EARLY);
        assertThat(fetch(any, Duration.ofSeconds(8), LATE)).isEqualTo(Position.of(EARLY));
        for (int i = 0; i < 40; i++) {
            pass(Duration.ofSeconds(1));
            assertThat(fetch(any, MOMENT, EARLY)).isEqualTo(Position.TOP);
        }
        for (int i = 0; i < 40; i++) {
            pass(Duration.ofSeconds(1));
            assertThat(fetch(any, Duration.ofMillis(20), EARLY)).isEqualTo(Position.TOP);
        }

        any.news();
        pass(Duration.ofMillis(300));
        assertThat(any.next()).isEqualTo(littleBefore(EARLY));
    }

    @Test
    void however_long_the_way_from_the_top_it_is_gone_at_least_once_in_a_while() {
        Bookmark any = bookmark(MOMENT, Duration.ofSeconds(1));
        any.next();
        pass(HOUR);
        any.fetched(List.of(EARLY), true);

        any.news();
        pass(Duration.ofMillis(125)); // an eighth of what is waited for at most
        assertThat(any.next()).isEqualTo(Position.TOP);

        for (int i = 0; i < 80; i++) {
            pass(HOUR);
            any.fetched(List.of(EARLY), true);
            pass(Duration.ofSeconds(1));
            assertThat(any.next()).isEqualTo(Position.TOP);
        }
    }

    @Test
    void it_tells_when_to_look_before_the_place_where_a_fetch_began() {
        bookmark.next();
        assertThat(bookmark.fetched(List.of(EARLY), false)).isEmpty();
        bookmark.next();
        assertThat(bookmark.fetched(List.of(LATE), true)).isEmpty();
        pass(Duration.ofMinutes(20));
        bookmark.next();
        assertThat(bookmark.fetched(List.of(), false)).hasValue(Duration.ofMinutes(40));
    }

    @Test
    void after_a_fetch_from_a_little_back_it_tells_when_to_look_at_the_top() {
        Bookmark any = bookmark(MOMENT, Duration.ofSeconds(1));
        any.next();
        pass(Duration.ofMillis(80)); // of which an eighth counts, twenty times
        any.fetched(List.of(EARLY), false);
        assertThat(any.next()).isEqualTo(littleBefore(EARLY));

        assertThat(any.fetched(List.of(), false)).hasValue(Duration.ofMillis(125));
    }

    @Test
    void after_a_look_at_the_top_that_left_jobs_behind_it_goes_on_from_there() {
        Bookmark always = bookmark(Duration.ZERO, HOUR);
        fetch(always, true, LAST);
        always.news();

        assertThat(fetch(always, true, EARLY)).isEqualTo(Position.TOP);
        assertThat(always.next()).isEqualTo(Position.of(EARLY));
    }

    @Test
    void after_a_look_at_the_top_that_took_all_it_goes_on_behind_what_was_taken_before() {
        fetch(bookmark, true, LAST);
        bookmark.news();
        pass(HOUR);

        assertThat(fetch(bookmark, false, EARLY)).isEqualTo(Position.TOP);
        assertThat(bookmark.next()).isEqualTo(Position.of(LAST));
    }

    @Test
    void without_any_reason_it_begins_at_the_top_again_after_a_while() {
        Bookmark restless = bookmark(Duration.ZERO, MOMENT);
        fetch(restless, true, EARLY);
        assertThat(fetch(restless, true, LATE)).isEqualTo(Position.of(EARLY));

        pass(MOMENT);
        assertThat(restless.next()).isEqualTo(Position.TOP);
    }

    @Test
    void a_fetch_that_failed_leads_back_to_the_top() {
        Bookmark always = bookmark(Duration.ZERO, HOUR);
        fetch(always, true, EARLY);
        always.next();
        always.failed();

        assertThat(always.next()).isEqualTo(Position.TOP);
    }
}
