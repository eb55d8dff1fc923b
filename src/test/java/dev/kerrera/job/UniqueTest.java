package dev.kerrera.job;

import static dev.kerrera.job.Unique.Field.ARGS;
import static dev.kerrera.job.Unique.Field.META;
import static dev.kerrera.job.Unique.Field.QUEUE;
import static dev.kerrera.job.Unique.Field.WORKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kerrera.job.Unique.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UniqueTest {
    private static final Instant NOW = Instant.parse("2026-11-21T18:48:21.074445678Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @Test
    void nothing_said_anywhere_is_not_unique() {
        assertThat(NewJob.of("w").resolve(CLOCK).uniqueness()).isNull();
        assertThat(resolved(Unique.none())).isNull();
        assertThat(NewJob.of("w")
                        .unique(Unique.forever())
                        .unique(null)
                        .resolve(CLOCK)
                        .uniqueness())
                .isNull();
    }

    @Test
    void what_is_not_said_has_obans_defaults() {
        assertThat(resolved(Unique.options()))
                .isEqualTo(new UniqueRule(
                        Set.of(ARGS, QUEUE, WORKER),
                        List.of(),
                        Instant.parse("2026-11-21T18:47:21.074445Z"),
                        JobState.successful(),
                        Timestamp.INSERTED_AT));
    }

    @Test
    void forever_is_the_defaults_without_a_limit() {
        assertThat(resolved(Unique.forever()))
                .isEqualTo(new UniqueRule(
                        Set.of(ARGS, QUEUE, WORKER), List.of(), null, JobState.successful(), Timestamp.INSERTED_AT));
    }

    @Test
    void everything_can_be_said() {
        assertThat(resolved(Unique.within(Duration.ofMillis(1))
                        .fields(META, WORKER)
                        .keys("b", "a", "b")
                        .states(JobState.scheduled())
                        .timestamp(Timestamp.SCHEDULED_AT)))
                .isEqualTo(new UniqueRule(
                        Set.of(META, WORKER),
                        List.of("a", "b"),
                        Instant.parse("2026-11-21T18:48:21.073445Z"),
                        Set.of(JobState.SCHEDULED),
                        Timestamp.SCHEDULED_AT));
    }

    @Test
    void each_part_goes_before_the_workers_and_leaves_its_other_parts() {
        Unique workers = Unique.within(Duration.ofHours(1)).keys("id").states(JobState.EXECUTING);

        assertThat(merged(Unique.options().fields(ARGS), workers))
                .isEqualTo(resolved(workers.fields(ARGS)))
                .isNotEqualTo(resolved(workers));
        assertThat(merged(Unique.options().keys(), workers)).isEqualTo(resolved(workers.keys()));
        assertThat(merged(Unique.within(Duration.ofSeconds(9)), workers))
                .isEqualTo(resolved(workers.period(Duration.ofSeconds(9))));
        assertThat(merged(Unique.options().ever(), workers)).isEqualTo(resolved(workers.ever()));
        assertThat(merged(Unique.options().states(JobState.all()), workers))
                .isEqualTo(resolved(workers.states(JobState.all())));
        assertThat(merged(Unique.options().timestamp(Timestamp.SCHEDULED_AT), workers))
                .isEqualTo(resolved(workers.timestamp(Timestamp.SCHEDULED_AT)));
        assertThat(merged(Unique.options(), workers)).isEqualTo(resolved(workers));
        assertThat(merged(null, workers)).isEqualTo(resolved(workers));
    }

    @Test
    void forever_and_none_take_the_place_of_the_workers_as_a_whole() {
        Unique workers = Unique.within(Duration.ofHours(1)).keys("id").states(JobState.EXECUTING);

        assertThat(merged(Unique.forever(), workers)).isEqualTo(resolved(Unique.forever()));
        assertThat(merged(Unique.none(), workers)).isNull();
        assertThat(merged(Unique.options().keys("x"), Unique.none()))
                .isEqualTo(resolved(Unique.options().keys("x")));
        assertThat(merged(null, Unique.none())).isNull();
    }

    @Test
    void something_said_after_none_is_a_rule_again() {
        assertThat(resolved(Unique.none().keys("a")))
                .isEqualTo(resolved(Unique.options().keys("a")));
    }

    @Test
    void every_mistake_is_told_with_those_of_the_job() {
        NewJob job = NewJob.of("w")
                .priority(10)
                .unique(Unique.within(Duration.ZERO)
                        .fields(WORKER)
                        .keys("a", " ")
                        .states());

        InvalidJobException invalid = catchThrowableOfType(InvalidJobException.class, () -> job.resolve(CLOCK));

        assertThat(invalid.problems())
                .extracting(InvalidJobException.Problem::field)
                .containsExactly("priority", "unique", "unique", "unique", "unique");
        assertThat(invalid)
                .hasMessageContaining(
                        "unique keys are keys of args or meta: add ARGS or META to the fields, was [WORKER]")
                .hasMessageContaining("unique keys must not be blank, was [a,  ]")
                .hasMessageContaining("unique period must be > 0, was PT0S")
                .hasMessageContaining("unique states must name at least one, was []");
    }

    @Test
    void no_fields_are_a_mistake_and_so_is_a_negative_period() {
        assertThatThrownBy(() -> resolved(Unique.options().fields()))
                .hasMessageContaining("unique fields must name at least one of ARGS, META, QUEUE and WORKER, was []");
        assertThatThrownBy(() -> resolved(Unique.within(Duration.ofNanos(-1))))
                .hasMessageContaining("unique period must be > 0, was PT-0.000000001S");
    }

    @Test
    void mistakes_of_a_part_that_is_overridden_do_not_count() {
        assertThat(merged(Unique.within(Duration.ofSeconds(1)), Unique.within(Duration.ZERO)))
                .isEqualTo(resolved(Unique.within(Duration.ofSeconds(1))));
    }

    @ParameterizedTest
    @ValueSource(longs = {2026L * 366 * 86_400, Long.MAX_VALUE})
    void a_period_that_begins_before_the_first_year_is_no_limit(long seconds) {
        assertThat(resolved(Unique.within(Duration.ofSeconds(seconds))).since()).isNull();
        assertThat(resolved(Unique.within(Duration.ofSeconds(seconds, 999_999_999)))
                        .since())
                .isNull();
    }

    @Property(tries = 2_000)
    void a_period_reaches_back_by_itself_in_whole_microseconds(
            @ForAll @LongRange(min = 0, max = 200_000L * 365 * 86_400) long seconds,
            @ForAll @LongRange(min = 1, max = 999_999_999) long nanos) {
        Duration period = Duration.ofSeconds(seconds, nanos);
        Instant since = resolved(Unique.within(period)).since();
        Instant exactly = NOW.truncatedTo(ChronoUnit.MICROS).minus(period);
        if (exactly.isBefore(Instant.parse("0001-01-01T00:00:00Z"))) {
            assertThat(since).isNull();
        } else {
            assertThat(since)
                    .isBetween(exactly.minusNanos(999), exactly)
                    .isEqualTo(since.truncatedTo(ChronoUnit.MICROS));
        }
    }

    @Test
    void values_are_equal_when_they_say_the_same() {
        assertThat(Unique.within(Duration.ofSeconds(60)))
                .isEqualTo(Unique.options().period(Duration.ofMinutes(1)))
                .hasSameHashCodeAs(Unique.options().period(Duration.ofMinutes(1)))
                .isNotEqualTo(Unique.options());
        assertThat(Unique.none()).isEqualTo(Unique.none()).isNotEqualTo(Unique.options());
        assertThat(Unique.none()).hasToString("Unique[none]");
        assertThat(Unique.options().keys("a").toString()).contains("keys=[a]");
    }

    private static UniqueRule resolved(Unique unique) {
        Uniqueness uniqueness = NewJob.of("w").unique(unique).resolve(CLOCK).uniqueness();
        return uniqueness == null ? null : uniqueness.rule();
    }

    private static UniqueRule merged(Unique own, Unique workers) {
        Uniqueness uniqueness = NewJob.of("w")
                .unique(own)
                .withDefaults(new JobDefaults(null, null, null, null, workers, null))
                .resolve(CLOCK)
                .uniqueness();
        return uniqueness == null ? null : uniqueness.rule();
    }
}
