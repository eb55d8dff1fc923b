package dev.kerrera.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JobChangesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T18:48:21.074445678Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final JobChanges NONE = JobChanges.none();

    @Test
    void what_is_given_is_kept_and_the_rest_stays_open() {
        assertThat(NONE.worker("Elixir.My.Worker")
                        .queue("mail")
                        .args(Map.of("a", 1))
                        .meta(Map.of("m", "x"))
                        .tags(" A", "b", "a")
                        .priority(9)
                        .maxAttempts(3)
                        .in(Duration.ofSeconds(5))
                        .resolve(CLOCK))
                .isEqualTo(new JobRevision(
                        "My.Worker",
                        "mail",
                        "{\"a\":1}",
                        "{\"m\":\"x\"}",
                        List.of("a", "b"),
                        9,
                        3,
                        Instant.parse("2026-11-21T18:48:26.074445Z")));
        assertThat(NONE.priority(0).resolve(CLOCK))
                .isEqualTo(new JobRevision(null, null, null, null, null, 0, null, null));
    }

    @Test
    void options_return_a_new_value_and_null_unsets() {
        JobChanges all = NONE.worker("w")
                .queue("q")
                .args(Map.of())
                .meta(Map.of())
                .tags("t")
                .priority(1)
                .maxAttempts(1)
                .at(NOW);

        assertThat(NONE.isEmpty()).isTrue();
        assertThat(all.isEmpty()).isFalse();
        assertThat(all.worker(null)
                        .queue(null)
                        .args(null)
                        .meta(null)
                        .tags((List<String>) null)
                        .priority(null)
                        .maxAttempts(null)
                        .in(null)
                        .isEmpty())
                .isTrue();
    }

    @Test
    void changes_that_change_nothing_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.resolve(CLOCK))
                .withMessage("changes must name at least one option to change, were none");
    }

    @Test
    void empty_arguments_metadata_and_tags_are_changes() {
        assertThat(NONE.args(Map.of()).resolve(CLOCK).argsJson()).isEqualTo("{}");
        assertThat(NONE.meta(Map.of()).resolve(CLOCK).metaJson()).isEqualTo("{}");
        assertThat(NONE.tags().resolve(CLOCK).tags()).isEmpty();
    }

    @Test
    void arguments_are_written_at_once() {
        Map<String, Object> args = new HashMap<>(Map.of("a", 1));
        JobChanges changes = NONE.args(args);
        args.put("a", 2);

        assertThat(changes.resolve(CLOCK).argsJson()).isEqualTo("{\"a\":1}");
    }

    @Test
    void every_problem_is_reported_at_once() {
        JobChanges wrong = NONE.worker("")
                .queue("")
                .args(List.of(1))
                .meta(Map.of("a", "\0"))
                .tags("a\0")
                .priority(10)
                .maxAttempts(0)
                .at(Instant.MAX);

        InvalidJobException invalid = catchThrowableOfType(InvalidJobException.class, () -> wrong.resolve(CLOCK));

        assertThat(invalid.problems())
                .extracting(InvalidJobException.Problem::field)
                .containsExactly("worker", "args", "meta", "queue", "tags", "priority", "maxAttempts", "scheduledAt");
    }

    static Stream<Arguments> mistakes() {
        NewJob job = NewJob.of("w");
        return Stream.of(
                Arguments.of(NONE.worker(""), NewJob.of("")),
                Arguments.of(NONE.worker("w".repeat(128)), NewJob.of("w".repeat(128))),
                Arguments.of(NONE.worker("\0"), NewJob.of("\0")),
                Arguments.of(NONE.queue("q".repeat(128)), job.queue("q".repeat(128))),
                Arguments.of(NONE.queue("half \ud83d"), job.queue("half \ud83d")),
                Arguments.of(NONE.args("text"), job.args("text")),
                Arguments.of(NONE.args(Map.of("a", "\0")), job.args(Map.of("a", "\0"))),
                Arguments.of(NONE.args(new JobFilterTest.Unwritable()), job.args(new JobFilterTest.Unwritable())),
                Arguments.of(NONE.meta(Map.of("\0", 1)), job.meta(Map.of("\0", 1))),
                Arguments.of(NONE.tags("a\0"), job.tags("a\0")),
                Arguments.of(NONE.priority(-1), job.priority(-1)),
                Arguments.of(NONE.priority(10), job.priority(10)),
                Arguments.of(NONE.maxAttempts(0), job.maxAttempts(0)),
                Arguments.of(NONE.at(Instant.MIN), job.at(Instant.MIN)),
                Arguments.of(NONE.in(Duration.ofSeconds(Long.MAX_VALUE)), job.in(Duration.ofSeconds(Long.MAX_VALUE))));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void a_change_is_refused_just_as_a_new_job_is(JobChanges changes, NewJob job) {
        InvalidJobException ofNew = problems(() -> job.resolve(CLOCK));
        InvalidJobException ofChange = problems(() -> changes.resolve(CLOCK));

        assertThat(ofChange.problems()).isEqualTo(ofNew.problems());
    }

    private static InvalidJobException problems(Runnable resolve) {
        return catchThrowableOfType(InvalidJobException.class, resolve::run);
    }
}
