package dev.kerrera.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kerrera.job.InvalidJobException.Problem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule for a new job by itself, at its very limits. */
class NewJobRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T18:48:21.074445Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final NewJob JOB = NewJob.of("w");

    @Test
    void a_worker_must_have_a_name() {
        assertThat(problems(NewJob.of("")))
                .containsExactly(new Problem("worker", "\"\"", "must be 1 to 127 characters"));
    }

    @Test
    void a_workers_name_has_127_characters_at_most() {
        assertThat(NewJob.of("w".repeat(127)).resolve(CLOCK).worker()).hasSize(127);
        assertThat(problems(NewJob.of("w".repeat(128))))
                .singleElement()
                .extracting(Problem::field)
                .isEqualTo("worker");
    }

    @Test
    void an_empty_queue_is_the_default_one() {
        assertThat(JOB.queue("").resolve(CLOCK).queue()).isEqualTo("default");
        assertThat(JOB.queue("mail").queue("").resolve(CLOCK).queue()).isEqualTo("default");
    }

    @Test
    void a_queues_name_has_127_characters_at_most() {
        assertThat(JOB.queue("q".repeat(127)).resolve(CLOCK).queue()).hasSize(127);
        assertThat(problems(JOB.queue("q".repeat(128))))
                .containsExactly(new Problem("queue", '"' + "q".repeat(128) + '"', "must be 1 to 127 characters"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void a_job_has_at_least_one_attempt(int none) {
        assertThat(JOB.maxAttempts(1).resolve(CLOCK).maxAttempts()).isEqualTo(1);
        assertThat(problems(JOB.maxAttempts(none)))
                .containsExactly(new Problem("maxAttempts", String.valueOf(none), "must be > 0"));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 10})
    void priorities_are_0_to_9(int beyond) {
        assertThat(JOB.priority(0).resolve(CLOCK).priority()).isZero();
        assertThat(JOB.priority(9).resolve(CLOCK).priority()).isEqualTo(9);
        assertThat(problems(JOB.priority(beyond)))
                .containsExactly(new Problem("priority", String.valueOf(beyond), "must be 0 to 9"));
    }

    @Test
    void args_are_a_json_object_and_nothing_else() {
        for (Object value : List.of("text", 5, true, List.of(Map.of()), new int[] {1})) {
            assertThat(problems(JOB.args(value)))
                    .singleElement()
                    .extracting(Problem::field, Problem::remedy)
                    .containsExactly("args", "must be a JSON object");
        }
        assertThat(JOB.args(Map.of()).resolve(CLOCK).argsJson()).isEqualTo("{}");
    }

    @Test
    void keys_of_args_are_strings_whatever_they_were() {
        assertThat(JOB.args(Map.of(1, "a")).resolve(CLOCK).argsJson()).isEqualTo("{\"1\":\"a\"}");
        assertThat(JOB.args(Map.of(JobState.RETRYABLE, Map.of(2L, true)))
                        .resolve(CLOCK)
                        .argsJson())
                .isEqualTo("{\"RETRYABLE\":{\"2\":true}}");
    }

    @Test
    void of_a_moment_and_a_wait_the_one_said_last_holds() {
        Instant moment = Instant.parse("2030-01-01T00:00:00Z");
        Duration wait = Duration.ofSeconds(5);

        assertThat(JOB.at(moment).in(wait).resolve(CLOCK).scheduledAt()).isEqualTo(NOW.plus(wait));
        assertThat(JOB.in(wait).at(moment).resolve(CLOCK).scheduledAt()).isEqualTo(moment);
    }

    @ParameterizedTest
    @CsvSource({
        "PT1S,  2026-11-21T18:48:22.074445Z",
        "PT1M,  2026-11-21T18:49:21.074445Z",
        "PT1H,  2026-11-21T19:48:21.074445Z",
        "P1D,   2026-11-22T18:48:21.074445Z",
        "P7D,   2026-11-28T18:48:21.074445Z",
        "P30D,  2026-12-21T18:48:21.074445Z",
        "PT0S,  2026-11-21T18:48:21.074445Z",
        "PT-1S, 2026-11-21T18:48:20.074445Z"
    })
    void a_wait_counts_from_the_clock_of_the_insert(Duration wait, Instant expected) {
        JobDraft draft = JOB.in(wait).resolve(CLOCK);

        assertThat(draft.scheduledAt()).isEqualTo(expected);
        assertThat(draft.state()).isEqualTo(JobState.SCHEDULED);
    }

    @Test
    void uniqueness_and_replacement_are_no_columns() {
        assertThat(JOB.unique(Unique.forever())
                        .replace(Replace.of(Replace.Field.ARGS))
                        .toMap(NOW))
                .isEqualTo(JOB.toMap(NOW));
    }

    private static List<Problem> problems(NewJob job) {
        return catchThrowableOfType(InvalidJobException.class, () -> job.resolve(CLOCK))
                .problems();
    }
}
