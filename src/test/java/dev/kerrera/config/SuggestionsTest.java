package dev.kerrera.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {

    @ParameterizedTest
    @CsvSource({
        "'', '', 0",
        "abc, abc, 0",
        "abc, '', 3",
        "'', abc, 3",
        "kitten, sitting, 3",
        "stager, stagger, 1",
        "limit, limits, 1",
        "flaw, lawn, 2"
    })
    void the_distance_counts_edits(String a, String b, int edits) {
        assertThat(Suggestions.distance(a, b)).isEqualTo(edits);
    }

    @Property(tries = 500)
    void the_distance_is_the_one_of_the_definition(
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 6) String a,
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 6) String b) {
        assertThat(Suggestions.distance(a, b)).isEqualTo(byDefinition(a, b));
    }

    @Test
    void the_nearest_wins() {
        assertThat(Suggestions.nearest("stagger", List.of("logger", "stager", "danger")))
                .contains("stager");
    }

    @Test
    void nothing_is_suggested_for_what_is_far_from_everything() {
        assertThat(Suggestions.nearest("kerrera.abcdefg", List.of("kerrera.hijklmn")))
                .isEmpty();
        assertThat(Suggestions.nearest("kerrera.abcdef", List.of("kerrera.hijklm")))
                .contains("kerrera.hijklm");
    }

    @Test
    void of_a_short_word_no_more_than_half_may_differ() {
        assertThat(Suggestions.nearest("abcd", List.of("abxy"))).contains("abxy");
        assertThat(Suggestions.nearest("abcd", List.of("axyz"))).isEmpty();
    }

    private static int byDefinition(String a, String b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.length() + b.length();
        }
        int same = a.charAt(0) == b.charAt(0) ? 0 : 1;
        return Math.min(
                byDefinition(a.substring(1), b.substring(1)) + same,
                1 + Math.min(byDefinition(a.substring(1), b), byDefinition(a, b.substring(1))));
    }
}
