package dev.kerrera.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorTextTest {

    @Test
    void an_exception_has_a_banner_indented_frames_and_a_last_newline() {
        String text = ErrorText.of(new IllegalStateException("boom\nagain"));
        assertThat(text)
                .startsWith("** (java.lang.IllegalStateException) boom\nagain\n    at dev.kerrera.job.ErrorTextTest.");
        assertThat(text).endsWith(")\n");
        assertThat(text.lines().skip(2)).allMatch(line -> line.startsWith("    at "));
    }

    @Test
    void causes_follow_and_may_form_a_circle() {
        Exception outer = new Exception("outer");
        outer.initCause(new Exception("inner\nmore", outer));
        assertThat(ErrorText.of(outer))
                .startsWith("** (java.lang.Exception) outer\n    at ")
                .containsOnlyOnce("\n    Caused by: java.lang.Exception: inner\n    more\n    at ");
    }

    @Test
    void the_deaths_of_owners_have_their_banners() {
        assertThat(ErrorText.OWNER_DIED)
                .isEqualTo("** (Kerrera.OwnerDied) the node that ran this attempt gave no sign of life");
        assertThat(ErrorText.POISON.formatted(3))
                .isEqualTo("** (Kerrera.Poison) poison: 3 nodes died while they ran this job");
    }

    @Test
    void a_text_is_bounded_and_storable() {
        String text = ErrorText.error("w", "😀\0".repeat(100_000));
        assertThat(text).hasSizeLessThanOrEqualTo(ErrorText.MAX_CHARS).contains("(cut at 65536 characters)");
        assertThat(Unstorable.in(text)).isFalse();
        assertThat(ErrorText.of(new Exception("a\0b\ud83d"))).startsWith("** (java.lang.Exception) ab\n");
    }

    @Test
    void a_deep_stack_leaves_room_for_its_cause() {
        assertThat(ErrorText.of(new Exception("top", deep())))
                .contains("Caused by: java.lang.StackOverflowError", " more\n");
        assertThat(ErrorText.of(new Exception("m".repeat(1_000_000), new Exception("root"))))
                .contains("root");
    }

    @Test
    void a_throwing_message_does_no_harm() {
        Exception hostile = new Exception() {
            @Override
            public String getMessage() {
                throw new IllegalStateException();
            }
        };
        assertThat(ErrorText.of(hostile)).contains("getMessage() threw java.lang.IllegalStateException");
    }

    @Test
    void returned_results_read_as_in_oban() {
        String failed = "** (Oban.PerformError) My.Worker failed with ";
        assertThat(ErrorText.error("My.Worker", "boom")).isEqualTo(failed + "{:error, \"boom\"}");
        assertThat(ErrorText.cancel("My.Worker", "why")).isEqualTo(failed + "{:cancel, \"why\"}");
        assertThat(ErrorText.discard("My.Worker", "why")).isEqualTo(failed + "{:discard, \"why\"}");
        assertThat(ErrorText.shutdown("My.Worker")).isEqualTo(failed + "{:cancel, :shutdown}");
        assertThat(ErrorText.timeout("My.Worker", Duration.ofSeconds(2)))
                .isEqualTo("** (Oban.TimeoutError) My.Worker timed out after 2000ms");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"say \"hi\" | \"say \\\"hi\\\"\"", "a\\b | \"a\\\\b\"", "#{x} # | \"\\#{x} #\"", "é😀 | \"é😀\""})
    void strings_are_inspected_as_elixir_does(String text, String inspected) {
        assertThat(ElixirText.inspect(text)).isEqualTo(inspected);
    }

    @Test
    void control_characters_are_escaped() {
        assertThat(ElixirText.inspect("\n\r\t\b\f\0\u0007\u000b\u001b\u007f\u0001\uffff"))
                .isEqualTo("\"\\n\\r\\t\\b\\f\\0\\a\\v\\e\\d\\x01\\x{FFFF}\"");
    }

    @Test
    void an_entry_has_three_keys_and_six_digits() {
        JobError error = new JobError(2, Instant.parse("2026-11-21T18:48:21Z"), "** (X) \"a\"\n");
        assertThat(error.toJson())
                .isEqualTo("{\"at\":\"2026-11-21T18:48:21.000000Z\",\"attempt\":2,\"error\":\"** (X) \\\"a\\\"\\n\"}");
        assertThat(JobErrors.read("[" + error.toJson() + "]")).containsExactly(error);
    }

    @Test
    void a_moment_is_read_with_and_without_offset() {
        for (String spelling :
                new String[] {"2026-11-21T18:48:21", "2026-11-21T18:48:21.0Z", "2026-11-21T19:48:21+01:00"}) {
            assertThat(UtcTimestamp.parse(spelling)).isEqualTo("2026-11-21T18:48:21Z");
        }
    }

    private static Throwable deep() {
        try {
            return recurse(0);
        } catch (StackOverflowError overflow) {
            return overflow;
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    private static Throwable recurse(int n) {
        return recurse(n + 1);
    }
}
