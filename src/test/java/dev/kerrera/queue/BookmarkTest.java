package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.engine.Position;
import dev.kerrera.job.Job;
import dev.kerrera.testsupport.SampleJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BookmarkTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant TIME = Instant.parse("2026-01-01T12:00:00Z");
    private static final Job EARLY = job(0, 1);
    private static final Job LATE = job(0, 2);
    private static final Job LAST = job(3, 1);

    private final Bookmark bookmark = new Bookmark(HOUR, HOUR);

    private static Job job(int priority, long id) {
        return SampleJob.at(TIME).id(id).priority(priority).job();
    }

    private static Position fetch(Bookmark any, boolean full, Job... found) {
        Position from = any.next();
        any.fetched(List.of(found), full);
        return from;
    }

    @Test
    void a_fetch_goes_on_where_the_last_one_ended() {
        assertThat(fetch(bookmark, true, EARLY)).isEqualTo(Position.TOP);
        assertThat(fetch(bookmark, true, LATE, LAST)).isEqualTo(Position.of(EARLY));
        assertThat(bookmark.next()).isEqualTo(Position.of(LAST));
    }

    @Test
    void news_leads_back_to_the_top_but_only_now_and_then() {
        fetch(bookmark, true, EARLY);
        bookmark.news();
        assertThat(fetch(bookmark, true, LATE)).isEqualTo(Position.of(EARLY));

        Bookmark quick = new Bookmark(Duration.ofMillis(1), HOUR);
        fetch(quick, true, EARLY);
        quick.news();
        await().pollInterval(Duration.ofMillis(1))
                .until(() -> fetch(quick, true, LATE).equals(Position.TOP));
        assertThat(fetch(quick, true, LATE)).as("without further news").isEqualTo(Position.of(LATE));
    }

    @Test
    void a_fetch_that_found_few_leads_back_to_the_top_unless_it_came_from_there() {
        Bookmark always = new Bookmark(Duration.ZERO, HOUR);
        assertThat(fetch(always, true, EARLY)).isEqualTo(Position.TOP);

        assertThat(fetch(always, false, LATE)).isEqualTo(Position.of(EARLY));
        assertThat(always.next()).isEqualTo(Position.TOP);
    }

    @Test
    void it_tells_when_to_look_before_the_place_where_a_fetch_began() {
        bookmark.next();
        assertThat(bookmark.fetched(List.of(EARLY), false)).isEmpty();
        bookmark.next();
        assertThat(bookmark.fetched(List.of(LATE), true)).isEmpty();
        bookmark.next();
        assertThat(bookmark.fetched(List.of(), false))
                .hasValueSatisfying(wait -> assertThat(wait).isBetween(HOUR.minusMinutes(1), HOUR));
    }

    @Test
    void after_a_look_at_the_top_that_left_jobs_behind_it_goes_on_from_there() {
        Bookmark always = new Bookmark(Duration.ZERO, HOUR);
        fetch(always, true, LAST);
        always.news();

        assertThat(fetch(always, true, EARLY)).isEqualTo(Position.TOP);
        assertThat(always.next()).isEqualTo(Position.of(EARLY));
    }

    @Test
    void after_a_look_at_the_top_that_took_all_it_goes_on_behind_what_was_taken_before() {
        Bookmark slow = new Bookmark(Duration.ofMillis(500), HOUR);
        fetch(slow, true, LAST);
        slow.news();

        await().until(() -> slow.next().equals(Position.TOP));
        slow.fetched(List.of(EARLY), false);
        assertThat(slow.next()).isEqualTo(Position.of(LAST));
    }

    @Test
    void without_any_reason_it_begins_at_the_top_again_after_a_while() {
        Bookmark restless = new Bookmark(Duration.ZERO, Duration.ofMillis(50));
        fetch(restless, true, EARLY);

        await().pollInterval(Duration.ofMillis(1))
                .until(() -> fetch(restless, true, LATE).equals(Position.TOP));
    }

    @Test
    void a_fetch_that_failed_leads_back_to_the_top() {
        Bookmark always = new Bookmark(Duration.ZERO, HOUR);
        fetch(always, true, EARLY);
        always.next();
        always.failed();

        assertThat(always.next()).isEqualTo(Position.TOP);
    }
}
