package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.Rescuing.Rescued;
import dev.kerrera.job.JobState;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of the jobs of an owner that gives no sign of life any more. */
@ExtendWith(PooledSchema.class)
class DeadOwnersTest {

    private static final Duration SILENCE = Duration.ofSeconds(45);
    private static final UUID PRODUCER = new UUID(1, 2);
    private static final String DIED =
            "{\"at\": \"2026-01-01T12:00:00.000123Z\", \"error\": \"** (Kerrera.OwnerDied) the node that ran this attempt"
                    + " gave no sign of life\", \"attempt\": 2}";

    private final SettableClock clock = new SettableClock("2026-01-01T12:00:00.000123Z");
    private final RawJobs jobs;
    private final Rescuing rescuing;
    private final Heartbeats heartbeats;

    DeadOwnersTest(TestSchema schema) {
        jobs = new RawJobs(schema);
        Jdbc jdbc = new Jdbc(schema.dataSource(), Transactions.none());
        Prefix prefix = new Prefix(schema.name());
        rescuing = new Rescuing(jdbc, prefix, clock);
        heartbeats = new Heartbeats(jdbc, prefix);
        heartbeats.beat("Kerrera", "there", List.of(new Heartbeats.Living(PRODUCER, "mail", 1, false)));
    }

    @Test
    void a_job_with_attempts_left_is_available_again_and_has_used_the_attempt() {
        long id = running(2, 5);
        Map<String, String> before = jobs.row(id);
        die();

        assertThat(rescue()).containsExactly(new Rescued(id, "mail", JobState.AVAILABLE));

        assertThat(jobs.row(id))
                .isEqualTo(RawJobs.changed(
                        before, "state", "available", "errors", array(DIED), "meta", "{\"m\": 1, \"deaths\": 1}"));
    }

    @Test
    void a_job_without_attempts_left_is_discarded() {
        long id = running(2, 2);
        Map<String, String> before = jobs.row(id);
        die();

        assertThat(rescue()).containsExactly(new Rescued(id, "mail", JobState.DISCARDED));

        assertThat(jobs.row(id))
                .isEqualTo(RawJobs.changed(
                        before,
                        "state",
                        "discarded",
                        "discarded_at",
                        "2026-01-01 12:00:00.000123",
                        "errors",
                        array(DIED),
                        "meta",
                        "{\"m\": 1, \"deaths\": 1}"));
    }

    @Test
    void a_job_that_outlived_its_share_of_owners_is_discarded_as_poison() {
        long id = running(2, 20);
        jobs.change(id, "meta = '{\"deaths\": 2}'");
        die();

        assertThat(rescue()).containsExactly(new Rescued(id, "mail", JobState.DISCARDED));

        assertThat(jobs.row(id)).containsEntry("meta", "{\"deaths\": 3}");
        assertThat(jobs.query("SELECT errors[1] ->> 'error' FROM ${schema}.oban_jobs"))
                .containsExactly("** (Kerrera.Poison) poison: 3 nodes died while they ran this job");
    }

    @Test
    void a_job_of_a_living_owner_is_left_alone_however_long_it_runs() {
        long id = running(2, 5);
        jobs.change(id, "attempted_at = '2001-01-01'");

        assertThat(rescue()).isEmpty();

        assertThat(jobs.state(id)).isEqualTo("executing");
    }

    @Test
    void the_silence_of_an_owner_that_never_gave_a_sign_proves_nothing() {
        long id = running(2, 5);
        jobs.change(id, "attempted_at = '2001-01-01', attempted_by = '{elixir,%s}'".formatted(new UUID(3, 4)));
        die();

        assertThat(rescue()).isEmpty();

        assertThat(jobs.state(id)).isEqualTo("executing");
    }

    @Test
    void a_job_of_an_owner_that_never_gave_a_sign_is_taken_back_by_age() {
        String old = "attempted_at = timezone('UTC', now()) - interval '61 minutes', attempted_by = ";
        long foreign = running(2, 5);
        jobs.change(foreign, old + "'{elixir,%s}'".formatted(new UUID(3, 4)));
        long ancient = running(2, 5);
        jobs.change(ancient, old + "'{elixir}'");
        long own = running(2, 5);
        jobs.change(own, old + "attempted_by");
        long young = running(2, 5);
        jobs.change(young, "attempted_at = timezone('UTC', now()), attempted_by = '{elixir,x}'");

        assertThat(rescuing.unknown(Duration.ofHours(1), 3).run(List.of()))
                .extracting(Rescued::id)
                .containsExactlyInAnyOrder(foreign, ancient);

        assertThat(jobs.state(foreign)).isEqualTo("available");
        assertThat(jobs.state(own)).isEqualTo("executing");
        assertThat(jobs.state(young)).isEqualTo("executing");
    }

    @Test
    void an_owner_whose_job_was_moved_to_another_queue_does_not_leave_before_it() {
        long id = running(2, 5);
        jobs.change(id, "queue = 'slow'");

        heartbeats.leave(List.of(PRODUCER));
        assertThat(jobs.query("SELECT uuid FROM ${schema}.kerrera_producers")).hasSize(1);

        jobs.change(id, "state = 'completed'");
        heartbeats.leave(List.of(PRODUCER));
        assertThat(jobs.query("SELECT uuid FROM ${schema}.kerrera_producers")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = JobState.class, mode = EnumSource.Mode.EXCLUDE, names = "EXECUTING")
    void a_job_that_does_not_execute_is_left_alone(JobState state) {
        long id = running(2, 5);
        jobs.change(id, "state = '" + state.label() + "'");
        Map<String, String> before = jobs.row(id);
        die();

        assertThat(rescue()).isEmpty();

        assertThat(jobs.row(id)).isEqualTo(before);
    }

    private List<Rescued> rescue() {
        return rescuing.rescue(SILENCE, 3);
    }

    /** The owner was last heard of too long ago. */
    private void die() {
        jobs.run("UPDATE ${schema}.kerrera_producers SET seen_at = seen_at - interval '46 seconds'");
    }

    private long running(int attempt, int maxAttempts) {
        return jobs.add("""
                (worker, queue, state, attempt, max_attempts, attempted_at, attempted_by, meta)
                VALUES ('A', 'mail', 'executing', %d, %d, '2026-01-01', '{there,%s}', '{"m": 1}')""".formatted(attempt, maxAttempts, PRODUCER));
    }

    private String array(String entry) {
        return jobs.query("SELECT ARRAY['%s'::jsonb]".formatted(entry)).get(0);
    }
}
