package dev.kerrera.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import jakarta.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JobFilterTest {

    private static final JobFilter ALL = JobFilter.all();
    private static final Instant NOW = Instant.parse("2026-11-21T18:48:21.074445678Z");

    @Test
    void a_filter_begins_without_conditions() {
        assertThat(ALL.conditions()).isEmpty();
    }

    @Test
    void each_method_adds_a_condition_to_a_new_filter() {
        JobFilter mail = ALL.queues("mail");
        JobFilter both = mail.priorities(1, 2).queues("post");

        assertThat(ALL.conditions()).isEmpty();
        assertThat(mail.conditions()).containsExactly(new Condition.Texts(Condition.Field.QUEUE, List.of("mail")));
        assertThat(both.conditions())
                .containsExactly(
                        new Condition.Texts(Condition.Field.QUEUE, List.of("mail")),
                        new Condition.Numbers(Condition.Field.PRIORITY, List.of(1L, 2L)),
                        new Condition.Texts(Condition.Field.QUEUE, List.of("post")));
    }

    @Test
    void values_are_taken_as_they_are_at_that_moment() {
        List<Long> ids = new ArrayList<>(List.of(1L));
        Map<String, Object> part = new HashMap<>(Map.of("a", 1));
        JobFilter filter = ALL.ids(ids).argsContain(part);
        ids.add(2L);
        part.put("b", 2);

        assertThat(filter.conditions())
                .containsExactly(
                        new Condition.Numbers(Condition.Field.ID, List.of(1L)),
                        new Condition.Contains(Condition.Field.ARGS, "{\"a\":1}"));
    }

    @Test
    void an_elixir_worker_is_meant_by_the_name_in_the_table() {
        assertThat(ALL.workers("Elixir.My.Worker", "Elixirs").conditions())
                .containsExactly(new Condition.Texts(Condition.Field.WORKER, List.of("My.Worker", "Elixirs")));
    }

    @Test
    void moments_are_cut_to_microseconds() {
        assertThat(ALL.from(JobTime.COMPLETED_AT, NOW).conditions())
                .containsExactly(new Condition.Moment(
                        JobTime.COMPLETED_AT, Condition.Bound.FROM, Instant.parse("2026-11-21T18:48:21.074445Z")));
    }

    @Test
    void no_tags_at_all_can_be_asked_for() {
        assertThat(ALL.tags(List.of()).conditions()).containsExactly(new Condition.SameTags(List.of()));
    }

    @Test
    void its_text_tells_no_values() {
        assertThat(ALL.argsContain(Map.of("secret", "word")).queues("mail")).hasToString("JobFilter[Contains, Texts]");
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("ids must name at least one value", filter -> filter.ids()),
                mistake("ids must not be null", filter -> filter.ids((Collection<Long>) null)),
                mistake("ids must not be null nor contain null", filter -> filter.ids(Arrays.asList(1L, null))),
                mistake("states must name at least one value", filter -> filter.states()),
                mistake("states must not be null nor contain null", filter -> filter.states((JobState) null)),
                mistake("queues must name at least one value", filter -> filter.queues()),
                mistake("queues must not be null nor contain null", filter -> filter.queues("a", null)),
                mistake("queues must not be null", filter -> filter.queues((String[]) null)),
                mistake("queues must not contain NUL characters", filter -> filter.queues("a\0")),
                mistake("workers must name at least one value", filter -> filter.workers()),
                mistake("workers must not contain NUL characters", filter -> filter.workers("half \ud83d")),
                mistake("priorities must name at least one value", filter -> filter.priorities()),
                mistake("priorities must not be null", filter -> filter.priorities((int[]) null)),
                mistake("attempts must name at least one value", filter -> filter.attempts()),
                mistake("maxAttempts must name at least one value", filter -> filter.maxAttempts()),
                mistake("tags must not be null", filter -> filter.tags(null)),
                mistake("tags must not be null nor contain null", filter -> filter.tags(Arrays.asList("a", null))),
                mistake("tags must not contain NUL characters", filter -> filter.tags(List.of("\0"))),
                mistake("tagged must name at least one value", filter -> filter.tagged()),
                mistake("argsContain must not be empty, was {}", filter -> filter.argsContain(Map.of())),
                mistake("argsContain must not be empty, was null", filter -> filter.argsContain(null)),
                mistake(
                        "argsContain must not contain NUL characters",
                        filter -> filter.argsContain(Map.of("a", List.of("\0")))),
                mistake(
                        "metaContain must be something JSON-B can write",
                        filter -> filter.metaContain(Map.of("a", new Unwritable()))),
                mistake("metaContain must not be empty", filter -> filter.metaContain(Map.of())),
                mistake("nodes must name at least one value", filter -> filter.nodes()),
                mistake("producers must name at least one value", filter -> filter.producers()),
                mistake("producers must not be null nor contain null", filter -> filter.producers((UUID) null)),
                mistake("errorsContain must be a text that is not empty, was \"\"", filter -> filter.errorsContain("")),
                mistake(
                        "errorsContain must be a text that is not empty, was null",
                        filter -> filter.errorsContain(null)),
                mistake("errorsContain must not contain NUL characters", filter -> filter.errorsContain("\0")),
                mistake("time must be given with a moment", filter -> filter.from(null, NOW)),
                mistake(
                        "scheduled_at must be given with a moment, was null",
                        filter -> filter.until(JobTime.SCHEDULED_AT, null)),
                mistake(
                        "scheduled_at must be in the years 1 to 9999",
                        filter -> filter.at(JobTime.SCHEDULED_AT, Instant.MAX)));
    }

    /** What JSON-B cannot write. */
    public static final class Unwritable {
        public String getValue() {
            throw new IllegalStateException("no");
        }
    }

    private static Arguments mistake(String message, UnaryOperator<JobFilter> with) {
        return Arguments.of(message, with);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void what_cannot_be_asked_for_is_refused_by_name_value_and_remedy(
            String message, UnaryOperator<JobFilter> mistaken) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mistaken.apply(ALL))
                .withMessageStartingWith(message)
                .withMessageContaining(", was ");
    }

    @Test
    void a_json_object_is_a_map_too() {
        assertThat(ALL.metaContain(Json.createObjectBuilder().addNull("a").build())
                        .conditions())
                .containsExactly(new Condition.Contains(Condition.Field.META, "{\"a\":null}"));
    }
}
