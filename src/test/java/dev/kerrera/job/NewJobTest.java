package dev.kerrera.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewJobTest {
    private static final Instant NOW = Instant.parse("2026-11-21T18:48:21.074445678Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @Test
    void unset_options_take_the_defaults() {
        assertThat(NewJob.of("w").resolve(CLOCK))
                .isEqualTo(new JobDraft(
                        JobState.AVAILABLE, "default", "w", "{}", "{}", List.of(), 0, 20, null, null, null));
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
                        Instant.parse("2026-11-21T18:48:26.074445Z"),
                        null,
                        null));
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

    @Test
    void a_state_of_its_own_is_respected() {
        JobDraft suspended = NewJob.of("w").state(JobState.SUSPENDED).resolve(CLOCK);
        assertThat(suspended.state()).isEqualTo(JobState.SUSPENDED);
        assertThat(suspended.endedAt()).isNull();
        assertThat(NewJob.of("w")
                        .state(JobState.RETRYABLE)
                        .in(Duration.ofMinutes(1))
                        .resolve(CLOCK)
                        .state())
                .isEqualTo(JobState.RETRYABLE);
        assertThat(NewJob.of("w")
                        .state(JobState.COMPLETED)
                        .state(null)
                        .resolve(CLOCK)
                        .state())
                .isEqualTo(JobState.AVAILABLE);
    }

    @Test
    void available_with_a_time_is_scheduled_all_the_same() {
        NewJob available = NewJob.of("w").state(JobState.AVAILABLE);
        assertThat(available.resolve(CLOCK).state()).isEqualTo(JobState.AVAILABLE);
        assertThat(available.at(NOW).resolve(CLOCK).state()).isEqualTo(JobState.SCHEDULED);
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "DISCARDED", "CANCELLED"})
    void a_job_that_begins_in_an_end_ended_at_the_insert(JobState end) {
        JobDraft draft = NewJob.of("w").state(end).resolve(CLOCK);
        assertThat(draft.endedAs(end)).isEqualTo("2026-11-21T18:48:21.074445Z");
        for (JobState other : JobState.values()) {
            assertThat(other == end ? null : draft.endedAs(other)).isNull();
        }
    }

    @Test
    void nobody_but_a_queue_puts_a_job_into_executing() {
        assertThatThrownBy(() -> NewJob.of("w").state(JobState.EXECUTING).resolve(CLOCK))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("invalid job: state must not be executing: only a queue can run a job, was executing");
    }

    @Test
    void as_a_map_it_has_the_columns_that_are_not_left_to_the_database() {
        assertThat(NewJob.of("w").toMap(NOW))
                .isEqualTo(Map.of(
                        "state",
                        "available",
                        "queue",
                        "default",
                        "worker",
                        "w",
                        "args",
                        JsonValue.EMPTY_JSON_OBJECT,
                        "meta",
                        JsonValue.EMPTY_JSON_OBJECT,
                        "tags",
                        List.of(),
                        "errors",
                        List.of(),
                        "attempt",
                        0,
                        "max_attempts",
                        20));
    }

    @Test
    void as_a_map_it_has_what_was_given() {
        Map<String, Object> map = NewJob.of("w", Map.of("a", 1))
                .meta(Map.of("m", "x"))
                .priority(0)
                .tags("A")
                .in(Duration.ofSeconds(1))
                .toMap(NOW);
        assertThat(map)
                .containsEntry("args", JobJson.object("{\"a\":1}"))
                .containsEntry("meta", JobJson.object("{\"m\":\"x\"}"))
                .containsEntry("priority", 0)
                .containsEntry("tags", List.of("a"))
                .containsEntry("state", "scheduled")
                .containsEntry("scheduled_at", Instant.parse("2026-11-21T18:48:22.074445Z"));
        assertThat(NewJob.of("w").state(JobState.CANCELLED).toMap(NOW))
                .containsEntry("cancelled_at", Instant.parse("2026-11-21T18:48:21.074445Z"))
                .doesNotContainKeys("completed_at", "discarded_at", "scheduled_at");
        assertThatThrownBy(() -> map.put("queue", "other")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void what_cannot_be_inserted_is_no_map_either() {
        assertThatThrownBy(() -> NewJob.of("w").priority(10).toMap(NOW)).isInstanceOf(InvalidJobException.class);
    }

    @Test
    void a_mistake_in_one_of_several_names_its_position() {
        InvalidJobException alone = catchThrowableOfType(
                InvalidJobException.class, () -> NewJob.of("w").priority(10).resolve(CLOCK));
        assertThat(alone.position()).isZero();
        assertThat(alone.at(17))
                .hasMessage("job 17 of the stream: priority must be 0 to 9, was 10")
                .extracting(InvalidJobException::position, InvalidJobException::problems)
                .containsExactly(17L, alone.problems());
    }
}
