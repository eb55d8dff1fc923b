package dev.kerrera.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TagsTest {

    @Test
    void tags_are_trimmed_lowered_deduplicated_and_kept_in_order() {
        assertThat(Tags.normalise(Arrays.asList(null, "1", ":A", " b ", "B", "", "  ")))
                .containsExactly("1", ":a", "b");
    }

    @Test
    void lower_case_does_not_depend_on_the_locale() {
        Locale usual = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr"));
        try {
            assertThat(Tags.normalise(List.of("TITLE"))).containsExactly("title");
        } finally {
            Locale.setDefault(usual);
        }
    }

    @Test
    void whatever_is_given_the_result_is_normal_and_stays_so() {
        Random random = new Random(2);
        for (int round = 0; round < 1_000; round++) {
            List<String> given = new ArrayList<>();
            for (int i = random.nextInt(8); i > 0; i--) {
                given.add(random.ints(random.nextInt(4), 0, 4)
                        .mapToObj(c -> " aAb".substring(c, c + 1))
                        .reduce("", String::concat));
            }
            List<String> tags = Tags.normalise(given);
            assertThat(tags).doesNotHaveDuplicates().allMatch(tag -> !tag.isBlank() && tag.equals(tag.strip()));
            assertThat(Tags.normalise(tags)).isEqualTo(tags);
        }
    }

    @Property
    void each_tag_comes_once_where_it_first_came(@ForAll("tags") List<String> given) {
        List<String> tags = Tags.normalise(given);

        assertThat(Tags.normalise(tags)).isEqualTo(tags);
        assertThat(tags)
                .doesNotHaveDuplicates()
                .doesNotContain("")
                .isSubsetOf(given.stream()
                        .map(tag -> tag.strip().toLowerCase(Locale.ROOT))
                        .toList());
        assertThat(given.stream()
                        .map(tag -> tag.strip().toLowerCase(Locale.ROOT))
                        .filter(tag -> !tag.isEmpty())
                        .distinct())
                .containsExactlyElementsOf(tags);
    }

    @Provide
    Arbitrary<List<String>> tags() {
        return Arbitraries.oneOf(
                        Arbitraries.strings().ofMaxLength(3),
                        Arbitraries.strings()
                                .withChars(" \t\u2003\u00a0aA\u0130\u00df\u03a3")
                                .ofMaxLength(4))
                .list()
                .ofMaxSize(8);
    }
}
