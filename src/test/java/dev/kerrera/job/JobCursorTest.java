package dev.kerrera.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class JobCursorTest {

    @Property(tries = 500)
    void a_cursor_of_a_time_survives_as_text(
            @ForAll JobTime orderedBy, @ForAll boolean ascending, @ForAll Instant time, @ForAll long id) {
        assertSurvives(new JobCursor(orderedBy, ascending, time, id));
    }

    @Property(tries = 500)
    void a_cursor_of_an_id_survives_as_text(@ForAll boolean ascending, @ForAll long id) {
        assertSurvives(new JobCursor(null, ascending, null, id));
    }

    @Property(tries = 1_000)
    void any_other_text_is_refused(@ForAll String text) {
        assertRefused(text);
    }

    @Test
    void the_ends_of_time_survive_as_text() {
        for (LocalDateTime end : new LocalDateTime[] {LocalDateTime.MIN, LocalDateTime.MAX}) {
            assertSurvives(new JobCursor(JobTime.SCHEDULED_AT, true, end.toInstant(ZoneOffset.UTC), Long.MAX_VALUE));
        }
    }

    @Test
    void each_order_has_texts_of_its_own() {
        Set<String> texts = new HashSet<>();
        for (boolean ascending : new boolean[] {true, false}) {
            texts.add(new JobCursor(null, ascending, null, 1).toString());
            for (JobTime time : JobTime.values()) {
                texts.add(new JobCursor(time, ascending, Instant.EPOCH, 1).toString());
            }
        }
        assertThat(texts).hasSize(14);
    }

    @Test
    void its_text_is_short_and_needs_no_escape_in_addresses() {
        assertThat(new JobCursor(JobTime.SCHEDULED_AT, false, Instant.parse("2026-11-21T18:48:21.074445Z"), 1L << 40))
                .asString()
                .hasSizeLessThan(30)
                .matches("[A-Za-z0-9_-]+");
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"17", "AAAA", "AAAAAAAAAAA=", "AAAAAAAAAAAA=", "//////////////", "null"})
    void what_is_no_cursor_is_refused(String text) {
        assertRefused(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 99, 127, -1, -128})
    void an_order_there_is_not_is_refused(int order) {
        byte[] bytes = new byte[21];
        bytes[0] = (byte) order;
        assertRefused(Base64.getUrlEncoder().encodeToString(bytes));
    }

    @Test
    void a_text_with_something_left_over_is_refused() {
        byte[] bytes = new byte[12];
        assertRefused(Base64.getUrlEncoder().encodeToString(bytes));
        byte[] nanos = new byte[21];
        nanos[0] = 2;
        nanos[17] = 127;
        assertRefused(Base64.getUrlEncoder().encodeToString(nanos));
    }

    @Test
    void a_time_belongs_to_an_order_by_time() {
        assertThatIllegalArgumentException().isThrownBy(() -> new JobCursor(null, true, Instant.EPOCH, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new JobCursor(JobTime.INSERTED_AT, true, null, 1));
    }

    @Test
    void a_cursor_of_another_order_is_refused() {
        JobQuery query = JobQuery.of(JobFilter.all());
        JobCursor newest = new JobCursor(null, false, null, 1);
        JobCursor earliest = new JobCursor(JobTime.SCHEDULED_AT, true, Instant.EPOCH, 1);

        assertThat(query.after(newest).after()).contains(newest);
        assertThat(query.orderBy(JobTime.SCHEDULED_AT)
                        .ascending()
                        .after(earliest)
                        .after())
                .contains(earliest);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> query.after(earliest))
                .withMessage("cursor must be of the query's order, was made for scheduled_at ascending:"
                        + " give the order before the cursor");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> query.orderBy(JobTime.INSERTED_AT).ascending().after(earliest));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> query.orderBy(JobTime.SCHEDULED_AT).after(earliest));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> query.after(newest).ascending());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> query.after(newest).orderBy(JobTime.SCHEDULED_AT));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1_001})
    void a_page_has_one_to_a_thousand_jobs(int limit) {
        JobQuery query = JobQuery.of(JobFilter.all());

        assertThat(query.limit()).isEqualTo(50);
        assertThat(query.limit(1).limit()).isEqualTo(1);
        assertThat(query.limit(1_000).limit()).isEqualTo(1_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> query.limit(limit))
                .withMessage("limit must be 1 to 1000, was " + limit);
    }

    private static void assertSurvives(JobCursor cursor) {
        assertThat(JobCursor.parse(cursor.toString())).isEqualTo(cursor);
    }

    private static void assertRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobCursor.parse(text))
                .withMessageStartingWith("cursor must be what JobCursor.toString() wrote, was ");
    }
}
