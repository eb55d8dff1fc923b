package dev.kerrera.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewJobTest {
    private static final Instant NOW = Instant.parse("2026-11-21T18:48:21.074445678Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @Test
    void unset_options_take_the_defaults() {
        assertThat(NewJob.of("w").resolve(CLOCK))
                .isEqualTo(new JobDraft(JobState.AVAILABLE, "default", "w", "{}", "{}", List.of(), 0, 20, null));
    }

    @Test
    void given_options_are_kept() {
        NewJob job = NewJob.of("Elixir.My.Worker", Map.of("a", 1))
                .meta(Map.of("m", "x"))
                .queue("mail")
                .tags(" A", "b", "a")
                .priority(9)
                .maxAttempts(3)
                .in(Duration.ofSeconds(5));
        assertThat(job.resolve(CLOCK))
                .isEqualTo(new JobDraft(
                        JobState.SCHEDULED,
                        "mail",
                        "My.Worker",
                        "{\"a\":1}",
                        "{\"m\":\"x\"}",
                        List.of("a", "b"),
                        9,
                        3,
                        Instant.parse("2026-11-21T18:48:26.074445Z")));
    }

    @Test
    void a_time_in_the_past_is_scheduled_all_the_same() {
        JobDraft at = NewJob.of("w").at(Instant.EPOCH).resolve(CLOCK);
        assertThat(at.state()).isEqualTo(JobState.SCHEDULED);
        assertThat(at.scheduledAt()).isEqualTo(Instant.EPOCH);
        assertThat(NewJob.of("w").in(Duration.ofSeconds(-1)).resolve(CLOCK).state())
                .isEqualTo(JobState.SCHEDULED);
    }

    @Test
    void options_return_a_new_value_and_null_unsets() {
        NewJob plain = NewJob.of("w");
        NewJob changed = plain.queue("q").priority(3).at(NOW);
        assertThat(plain.resolve(CLOCK).queue()).isEqualTo("default");
        assertThat(changed.queue(null).priority(null).at(null).resolve(CLOCK)).isEqualTo(plain.resolve(CLOCK));
    }

    @Test
    void defaults_fill_only_what_is_unset() {
        NewJob job =
                NewJob.of("w").priority(0).tags(List.of()).withDefaults(new JobDefaults("mail", 3, 5, List.of("x")));
        JobDraft draft = job.queue("")
                .withDefaults(new JobDefaults("other", null, null, null))
                .resolve(CLOCK);
        assertThat(draft.priority()).isZero();
        assertThat(draft.tags()).isEmpty();
        assertThat(draft.maxAttempts()).isEqualTo(3);
        assertThat(draft.queue()).isEqualTo("other");
    }

    @Test
    void arguments_are_written_at_once() {
        Map<String, Object> args = new HashMap<>(Map.of("a", 1));
        NewJob job = NewJob.of("w", args);
        args.put("a", 2);
        assertThat(job.resolve(CLOCK).argsJson()).isEqualTo("{\"a\":1}");
    }

    @Test
    void every_problem_is_reported_at_once() {
        NewJob job = NewJob.of("", List.of(1))
                .queue("q".repeat(128))
                .tags("a\0")
                .priority(10)
                .maxAttempts(0)
                .at(Instant.MAX);
        InvalidJobException invalid = catchThrowableOfType(InvalidJobException.class, () -> job.resolve(CLOCK));
        assertThat(invalid.problems())
                .extracting(InvalidJobException.Problem::field)
                .containsExactly("worker", "args", "queue", "tags", "priority", "maxAttempts", "scheduledAt");
        assertThat(invalid)
                .hasMessageContaining("worker must be 1 to 127 characters, was \"\"")
                .hasMessageContaining("args must be a JSON object, was [1]")
                .hasMessageContaining("priority must be 0 to 9, was 10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nul \0", "half \ud83d", "other half \ude00", "halves apart \ud83d\"\ude00"})
    void what_postgresql_cannot_store_is_refused(String text) {
        for (NewJob job : List.of(
                NewJob.of("w", Map.of("a", List.of(text))),
                NewJob.of("w", Json.createObjectBuilder().add(text, 1).build()),
                NewJob.of("w").meta(Map.of("a", text)),
                NewJob.of("w" + text),
                NewJob.of("w").tags(text),
                NewJob.of("w").queue(text))) {
            assertThatThrownBy(() -> job.resolve(CLOCK))
                    .isInstanceOf(InvalidJobException.class)
                    .hasMessageContaining("which PostgreSQL cannot store");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\\\u0000", "😀", "\u0001", "é\\"})
    void what_only_looks_like_it_is_accepted(String text) {
        String json = NewJob.of("w", Map.of("a", text)).resolve(CLOCK).argsJson();
        assertThat(JobJson.object(json).getString("a")).isEqualTo(text);
    }

    @Test
    void names_are_counted_in_characters_not_in_halves() {
        assertThat(NewJob.of("😀".repeat(127)).resolve(CLOCK).worker()).hasSize(254);
        assertThatThrownBy(() -> NewJob.of("😀".repeat(128)).resolve(CLOCK)).isInstanceOf(InvalidJobException.class);
    }

    @Test
    void a_wait_beyond_all_time_is_a_problem_like_any_other() {
        assertThatThrownBy(() ->
                        NewJob.of("w").in(Duration.ofSeconds(Long.MAX_VALUE)).resolve(CLOCK))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("scheduledAt must be in the years 1 to 9999");
    }
}
