package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.ResultSettings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.Job;
import dev.kerrera.job.NewJob;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What takes a job from one state to the next, several statements in a row. */
@ExtendWith(PooledSchema.class)
class JobLifeTest {

    private static final Owner OWNER = new Owner("here", new UUID(1, 2));

    private final SettableClock clock = new SettableClock("2026-01-01T12:00:00.000123Z");
    private final RawJobs jobs;
    private final Insertion insertion;
    private final Staging staging;
    private final Fetching fetching;
    private final Acknowledgement acknowledgement;

    JobLifeTest(TestSchema schema) {
        Jdbc jdbc = new Jdbc(schema.dataSource(), Transactions.none());
        Prefix prefix = new Prefix(schema.name());
        jobs = new RawJobs(schema);
        insertion = new Insertion(jdbc, prefix, () -> true);
        staging = new Staging(jdbc, prefix, clock);
        fetching = new Fetching(jdbc, prefix, clock);
        acknowledgement = new Acknowledgement(jdbc, prefix, clock, new ResultSettings(false, true));
    }

    @Test
    void a_job_scheduled_in_the_past_waits_for_the_stager() {
        Job job = insertion.insert(NewJob.of("A").in(Duration.ofHours(-1)).resolve(clock));

        assertThat(fetch()).isEmpty();
        staging.stage(10, List.of());

        assertThat(fetch()).containsExactly(job);
    }

    @Test
    void its_first_run_is_attempt_one_and_each_retry_counts_one_more() {
        jobs.add("(worker) VALUES ('A')");
        for (int attempt = 1; attempt <= 3; attempt++) {
            Job job = fetch().get(0);
            assertThat(job.attempt()).isEqualTo(attempt);
            acknowledgement.settle(job, OWNER, new Settlement.Retry("** (E) " + attempt, Duration.ZERO));
            staging.stage(10, List.of());
        }

        assertThat(jobs.query(
                        "SELECT (e ->> 'attempt') || (e ->> 'error') FROM ${schema}.oban_jobs, unnest(errors) AS e"))
                .containsExactly("1** (E) 1", "2** (E) 2", "3** (E) 3");
    }

    @Test
    void a_job_that_oban_snoozed_by_raising_its_attempts_goes_on_with_those() {
        long id = jobs.add("(worker, state, attempt, max_attempts, scheduled_at)"
                + " VALUES ('A', 'scheduled', 20, 21, '2026-01-01 12:00')");
        staging.stage(10, List.of());

        Job job = fetch().get(0);
        assertThat(job.attempt()).isEqualTo(21);
        acknowledgement.settle(job, OWNER, new Settlement.Snooze(Duration.ZERO));

        assertThat(jobs.row(id))
                .containsEntry("state", "scheduled")
                .containsEntry("attempt", "20")
                .containsEntry("max_attempts", "21")
                .containsEntry("meta", "{\"snoozed\": 1}");
    }

    @Test
    void a_job_that_obans_main_branch_snoozed_is_counted_on() {
        long id = jobs.add("(worker, state, attempt, meta, scheduled_at)"
                + " VALUES ('A', 'scheduled', 0, '{\"snoozed\": 3}', '2026-01-01 12:00')");
        staging.stage(10, List.of());

        Job job = fetch().get(0);
        assertThat(job.attempt()).isEqualTo(1);
        acknowledgement.settle(job, OWNER, new Settlement.Snooze(Duration.ZERO));

        assertThat(jobs.row(id)).containsEntry("attempt", "0").containsEntry("meta", "{\"snoozed\": 4}");
    }

    @Test
    void a_rows_error_of_elixir_stays_as_it_is_before_ours() {
        String theirs =
                "{\"at\": \"2026-01-01T11:00:00.000001Z\", \"error\": \"** (RuntimeError) boom\\n    (app 1.0.0)"
                        + " lib/a.ex:3: A.perform/1\\n\", \"attempt\": 1}";
        jobs.add("(worker, attempt, errors) VALUES ('A', 1, ARRAY['%s'::jsonb])".formatted(theirs));

        Job job = fetch().get(0);
        acknowledgement.settle(job, OWNER, new Settlement.Retry("** (E) ours", Duration.ZERO));

        assertThat(jobs.query("SELECT errors[1] FROM ${schema}.oban_jobs")).containsExactly(theirs);
        staging.stage(10, List.of());
        assertThat(fetch().get(0).errors())
                .extracting(
                        error -> error.attempt(),
                        error -> error.error().lines().findFirst().orElseThrow())
                .containsExactly(tuple(1, "** (RuntimeError) boom"), tuple(2, "** (E) ours"));
    }

    @Test
    void completing_keeps_what_is_known_of_the_run_and_its_errors() {
        long id = jobs.add("(worker, attempt, errors) VALUES ('A', 1, ARRAY['{\"attempt\": 1}'::jsonb])");
        Job job = fetch().get(0);
        Map<String, String> running = jobs.row(id);

        acknowledgement.settle(job, OWNER, new Settlement.Complete());

        assertThat(jobs.row(id))
                .isEqualTo(
                        RawJobs.changed(running, "state", "completed", "completed_at", "2026-01-01 12:00:00.000123"));
    }

    private List<Job> fetch() {
        return fetching.fetch(new Demand("default", OWNER, 10), Set.of("A"));
    }
}
