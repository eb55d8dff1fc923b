package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.ResultSettings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.Job;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PooledSchema.class)
class AcknowledgementTest {

    private static final Owner OWNER = new Owner("here", new UUID(1, 2));
    private static final String NOW = "2026-01-01 12:00:05.000123";
    private static final String FIRST_ERROR =
            "{\"at\": \"2025-12-31T00:00:00.000000Z\", \"error\": \"** (E) m\", \"attempt\": 1}";

    private final SettableClock clock = new SettableClock("2026-01-01T12:00:00.000000Z");
    private final RawJobs jobs;
    private final Fetching fetching;
    private final Acknowledgement acknowledgement;
    private Job job;
    private Map<String, String> before;

    AcknowledgementTest(TestSchema schema) {
        this.jobs = new RawJobs(schema);
        Jdbc jdbc = new Jdbc(schema.dataSource(), Transactions.none());
        Prefix prefix = new Prefix(schema.name());
        this.fetching = new Fetching(jdbc, prefix, clock);
        this.acknowledgement = new Acknowledgement(jdbc, prefix, clock, new ResultSettings(false, true));
    }

    @BeforeEach
    void fetch() {
        jobs.add("(worker, attempt, tags, meta, errors) VALUES ('A', 1, '{t}', '{\"k\": [1]}', ARRAY['%s'::jsonb])"
                .formatted(FIRST_ERROR));
        fetchAgain();
    }

    private void fetchAgain() {
        job = fetching.fetch(new Demand("default", OWNER, 1), Set.of("A")).get(0);
        before = jobs.row(job.id());
        clock.advance(Duration.ofSeconds(5).plusNanos(123_456));
    }

    static Stream<Settlement> settlements() {
        return Stream.of(
                new Settlement.Complete(),
                new Settlement.Retry("** (E) m", Duration.ofSeconds(17)),
                new Settlement.Discard("** (E) m", true),
                new Settlement.Cancel("** (E) m"),
                new Settlement.Snooze(Duration.ofMinutes(1)),
                new Settlement.Release());
    }

    static Stream<Settlement> settlementsAndKill() {
        return Stream.concat(settlements(), Stream.of(new Settlement.Kill("** (E) m")));
    }

    @Test
    void completing_sets_state_and_time() {
        assertThat(settle(new Settlement.Complete())).isTrue();

        assertThatRowHas("state", "completed", "completed_at", NOW);
    }

    @Test
    void retrying_sets_state_and_schedule_and_appends_an_error() {
        assertThat(settle(new Settlement.Retry("** (E) again", Duration.ofSeconds(17))))
                .isTrue();

        assertThatRowHas(
                "state", "retryable", "scheduled_at", "2026-01-01 12:00:22.000123", "errors", errors("** (E) again"));
    }

    @Test
    void discarding_sets_state_and_time_and_appends_an_error() {
        assertThat(settle(new Settlement.Discard("** (E) never", true))).isTrue();

        assertThatRowHas("state", "discarded", "discarded_at", NOW, "errors", errors("** (E) never"));
    }

    @Test
    void cancelling_sets_state_and_time_and_appends_an_error() {
        assertThat(settle(new Settlement.Cancel("** (E) enough"))).isTrue();

        assertThatRowHas("state", "cancelled", "cancelled_at", NOW, "errors", errors("** (E) enough"));
    }

    @Test
    void snoozing_sets_state_and_schedule_gives_the_attempt_back_and_counts_in_meta() {
        assertThat(settle(new Settlement.Snooze(Duration.ofMinutes(1)))).isTrue();

        assertThatRowHas(
                "state",
                "scheduled",
                "scheduled_at",
                "2026-01-01 12:01:05.000123",
                "attempt",
                "1",
                "meta",
                "{\"k\": [1], \"snoozed\": 1}");
    }

    @Test
    void killing_a_running_job_sets_state_and_time_and_appends_an_error() {
        assertThat(settle(new Settlement.Kill("** (E) enough"))).isTrue();

        assertThatRowHas("state", "cancelled", "cancelled_at", NOW, "errors", errors("** (E) enough"));
    }

    @Test
    void killing_a_cancelled_job_appends_an_error_and_keeps_the_time() {
        jobs.change(job.id(), "state = 'cancelled', cancelled_at = '2026-01-01 12:00:01'");

        assertThat(settle(new Settlement.Kill("** (E) enough"))).isTrue();

        assertThatRowHas(
                "state", "cancelled", "cancelled_at", "2026-01-01 12:00:01", "errors", errors("** (E) enough"));
    }

    @Test
    void killing_a_cancelled_job_that_lacks_the_time_sets_it() {
        jobs.change(job.id(), "state = 'cancelled'");

        assertThat(settle(new Settlement.Kill("** (E) enough"))).isTrue();

        assertThatRowHas("state", "cancelled", "cancelled_at", NOW, "errors", errors("** (E) enough"));
    }

    @Test
    void killing_twice_appends_one_error() {
        settle(new Settlement.Kill("** (E) enough"));
        Map<String, String> killed = jobs.row(job.id());

        assertThat(settle(new Settlement.Kill("** (E) enough"))).isFalse();

        assertThat(jobs.row(job.id())).isEqualTo(killed);
        assertThat(acknowledgement.isSettled(job, OWNER, new Settlement.Kill("** (E) enough")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ARRAY['5'::jsonb, NULL]", "ARRAY['{\"attempt\": \"2\"}'::jsonb]", "'{}'"})
    void killing_a_cancelled_job_succeeds_whatever_its_errors_hold(String errors) {
        jobs.change(job.id(), "state = 'cancelled', errors = " + errors);

        assertThat(settle(new Settlement.Kill("** (E) enough"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"available", "suspended", "scheduled", "retryable", "completed", "discarded"})
    void killing_leaves_jobs_alone_that_neither_run_nor_are_cancelled(String state) {
        assertThatFenceHolds("state = '" + state + "'", new Settlement.Kill("** (E) enough"));
    }

    @Test
    void releasing_sets_the_state_and_gives_the_attempt_back() {
        assertThat(settle(new Settlement.Release())).isTrue();

        assertThatRowHas("state", "available", "attempt", "1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NULL                      | {\"snoozed\": 1}",
                "'{}'                      | {\"snoozed\": 1}",
                "'{\"snoozed\": 4}'        | {\"snoozed\": 5}",
                "'{\"snoozed\": \"x\"}'    | {\"snoozed\": 1}",
                "'{\"snoozed\": null}'     | {\"snoozed\": 1}",
                "'{\"snoozed\": [7]}'      | {\"snoozed\": 1}",
                "'{\"a\": 1}'              | {\"a\": 1, \"snoozed\": 1}"
            },
            quoteCharacter = '~')
    void snoozing_counts_from_what_meta_holds(String meta, String expected) {
        jobs.change(job.id(), "meta = " + meta);

        settle(new Settlement.Snooze(Duration.ZERO));

        assertThat(jobs.row(job.id())).containsEntry("meta", expected).containsEntry("state", "scheduled");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"'[1]'", "'5'", "'null'", "'\"text\"'"},
            quoteCharacter = '~')
    void snoozing_succeeds_on_a_meta_that_is_no_object(String meta) {
        jobs.change(job.id(), "meta = " + meta);

        assertThat(settle(new Settlement.Snooze(Duration.ZERO))).isTrue();

        assertThat(jobs.state(job.id())).isEqualTo("scheduled");
    }

    @Test
    void a_job_snoozed_twice_counts_two_and_has_used_no_attempt() {
        settle(new Settlement.Snooze(Duration.ZERO));
        jobs.change(job.id(), "state = 'available'");
        fetchAgain();
        settle(new Settlement.Snooze(Duration.ZERO));

        assertThat(jobs.row(job.id()))
                .containsEntry("attempt", "1")
                .containsEntry("max_attempts", "20")
                .containsEntry("meta", "{\"k\": [1], \"snoozed\": 2}");
    }

    @Test
    void an_error_may_hold_any_text() {
        String text = "** (E) \"quoted\" \\ back\n    at a.b(C.java:1)\n grün 🚀 {1} ${schema} ?";

        settle(new Settlement.Retry(text, Duration.ZERO));

        assertThat(jobs.query("SELECT errors[2] ->> 'error' FROM ${schema}.oban_jobs"))
                .containsExactly(text);
        assertThat(jobs.query("SELECT jsonb_object_keys(errors[2]) FROM ${schema}.oban_jobs"))
                .containsExactlyInAnyOrder("attempt", "at", "error");
        assertThat(jobs.query("SELECT jsonb_typeof(errors[2] -> 'attempt') FROM ${schema}.oban_jobs"))
                .containsExactly("number");
    }

    @ParameterizedTest
    @MethodSource("settlementsAndKill")
    void a_run_of_another_attempt_changes_nothing(Settlement settlement) {
        assertThatFenceHolds("attempt = attempt + 1", settlement);
    }

    @ParameterizedTest
    @MethodSource("settlementsAndKill")
    void a_run_of_another_producer_changes_nothing(Settlement settlement) {
        assertThatFenceHolds("attempted_by = ARRAY['here', '%s']".formatted(new UUID(1, 3)), settlement);
    }

    @ParameterizedTest
    @MethodSource("settlementsAndKill")
    void a_run_on_another_node_changes_nothing(Settlement settlement) {
        assertThatFenceHolds("attempted_by[1] = 'there'", settlement);
    }

    @ParameterizedTest
    @MethodSource("settlementsAndKill")
    void a_run_of_a_job_without_owner_changes_nothing(Settlement settlement) {
        assertThatFenceHolds("attempted_by = NULL", settlement);
    }

    @ParameterizedTest
    @MethodSource("settlementsAndKill")
    void a_run_that_was_fetched_at_another_moment_changes_nothing(Settlement settlement) {
        assertThatFenceHolds("attempted_at = attempted_at + interval '1 microsecond'", settlement);
        assertThatFenceHolds("attempted_at = NULL", settlement);
    }

    @ParameterizedTest
    @MethodSource("settlementsAndKill")
    void the_run_before_a_snooze_is_told_from_the_one_after_although_attempt_and_owner_are_the_same(
            Settlement settlement) {
        Job snoozed = job;
        settle(new Settlement.Snooze(Duration.ZERO));
        jobs.change(snoozed.id(), "state = 'available'");
        clock.set(snoozed.attemptedAt());
        fetchAgain();
        assertThat(job.attempt()).isEqualTo(snoozed.attempt());
        assertThat(job.attemptedBy()).isEqualTo(snoozed.attemptedBy());

        assertThat(acknowledgement.settle(snoozed, OWNER, settlement)).isFalse();

        assertThat(jobs.row(job.id())).isEqualTo(before);
        assertThat(acknowledgement.isSettled(snoozed, OWNER, settlement)).isFalse();
        assertThat(settle(settlement)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("settlements")
    void a_run_of_a_job_that_does_not_execute_changes_nothing(Settlement settlement) {
        for (String state :
                List.of("available", "suspended", "scheduled", "retryable", "completed", "discarded", "cancelled")) {
            assertThatFenceHolds("state = '" + state + "'", settlement);
        }
    }

    @Test
    void a_run_of_a_job_that_is_gone_is_told_so() {
        jobs.run("DELETE FROM ${schema}.oban_jobs");

        assertThat(settle(new Settlement.Complete())).isFalse();
        assertThat(acknowledgement.isSettled(job, OWNER, new Settlement.Complete()))
                .isFalse();
    }

    @Test
    void only_that_one_job_is_changed() {
        long other = jobs.add("(worker, state, attempt, attempted_by) VALUES ('A', 'executing', 2, ARRAY['here', '%s'])"
                .formatted(OWNER.producer()));
        Map<String, String> otherBefore = jobs.row(other);

        settle(new Settlement.Complete());

        assertThat(jobs.row(other)).isEqualTo(otherBefore);
    }

    @ParameterizedTest
    @MethodSource("settlementsAndKill")
    void a_job_is_settled_once_its_settlement_is_written(Settlement settlement) {
        assertThat(acknowledgement.isSettled(job, OWNER, settlement)).isFalse();

        settle(settlement);

        assertThat(acknowledgement.isSettled(job, OWNER, settlement)).isTrue();
        assertThat(acknowledgement.isSettled(job, new Owner("here", new UUID(9, 9)), settlement))
                .isFalse();
        jobs.change(job.id(), "state = 'suspended'");
        assertThat(acknowledgement.isSettled(job, OWNER, settlement)).isFalse();
    }

    private boolean settle(Settlement settlement) {
        return acknowledgement.settle(job, OWNER, settlement);
    }

    private void assertThatRowHas(String... changes) {
        assertThat(jobs.row(job.id())).isEqualTo(RawJobs.changed(before, changes));
    }

    private void assertThatFenceHolds(String change, Settlement settlement) {
        jobs.change(job.id(), change);
        Map<String, String> changed = jobs.row(job.id());

        assertThat(settle(settlement)).isFalse();

        assertThat(jobs.row(job.id())).isEqualTo(changed);
    }

    /** The column as PostgreSQL prints it: the error there was, and one of this run. */
    private String errors(String error) {
        String entry = "{\"at\": \"2026-01-01T12:00:05.000123Z\", \"error\": \"%s\", \"attempt\": 2}".formatted(error);
        return jobs.query("SELECT ARRAY['%s'::jsonb, '%s'::jsonb]".formatted(FIRST_ERROR, entry))
                .get(0);
    }

    @Test
    void a_job_whose_attempts_were_lowered_while_it_ran_has_one_left_when_it_is_tried_again() {
        jobs.change(job.id(), "max_attempts = attempt");

        acknowledgement.settle(job, OWNER, new Settlement.Retry("** (E) m", Duration.ZERO));

        assertThat(jobs.row(job.id()))
                .containsEntry("state", "retryable")
                .containsEntry("max_attempts", String.valueOf(job.attempt() + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"k\": 1, \"deaths\": 2}", "[\"deaths\"]", "5"})
    void an_attempt_that_was_outlived_ends_the_count_of_deaths(String meta) {
        jobs.change(job.id(), "meta = '" + meta + "'");

        assertThat(acknowledgement.settle(job, OWNER, new Settlement.Retry("** (E) m", Duration.ZERO)))
                .isTrue();

        assertThat(jobs.row(job.id())).containsEntry("meta", meta.replace(", \"deaths\": 2", ""));
    }

    @ParameterizedTest
    @MethodSource("settlements")
    void an_array_of_arrays_of_errors_keeps_no_result_from_being_written(Settlement settlement) {
        jobs.change(job.id(), "errors = ARRAY[[errors[1]], [errors[1]]]");

        assertThat(acknowledgement.settle(job, OWNER, settlement)).isTrue();
    }
}
