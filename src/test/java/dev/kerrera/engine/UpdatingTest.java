package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.ResultSettings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.InvalidJobException;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobChanges;
import dev.kerrera.job.JobFilter;
import dev.kerrera.job.JobState;
import dev.kerrera.testsupport.ConnectionPool;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(PooledSchema.class)
class UpdatingTest {

    private static final String EXHAUSTED = "SELECT state || ' ' || attempt || ' of ' || max_attempts"
            + " FROM ${schema}.oban_jobs WHERE attempt >= max_attempts";
    private static final JobChanges LATER = JobChanges.none().at(Instant.parse("2030-01-01T00:00:00.000001Z"));

    private final SettableClock clock = new SettableClock("2026-01-01T12:00:00.000123Z");
    private final TestSchema schema;
    private final RawJobs jobs;
    private final Updating updating;

    UpdatingTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
        this.updating =
                new Updating(new Jdbc(schema.dataSource(), Transactions.none()), new Prefix(schema.name()), clock);
    }

    @ParameterizedTest
    @EnumSource(JobState.class)
    void everything_given_is_changed_and_nothing_else_in_any_state(JobState state) {
        long id = FullRows.add(jobs, state);
        Map<String, String> before = jobs.row(id);

        Job job = updating.update(
                        id,
                        JobChanges.none()
                                .worker("Elixir.B")
                                .queue("post")
                                .args(Map.of("n", 2))
                                .meta(Map.of())
                                .tags("  Two", "one")
                                .priority(9)
                                .maxAttempts(7))
                .orElseThrow();

        assertThat(jobs.row(id))
                .isEqualTo(RawJobs.changed(
                        before,
                        "worker",
                        "B",
                        "queue",
                        "post",
                        "args",
                        "{\"n\": 2}",
                        "meta",
                        "{}",
                        "tags",
                        "{two,one}",
                        "priority",
                        "9",
                        "max_attempts",
                        "7"));
        assertThat(job.worker()).isEqualTo("B");
        assertThat(job.queue()).isEqualTo("post");
        assertThat(job.tags()).containsExactly("two", "one");
        assertThat(job.maxAttempts()).isEqualTo(7);
        assertThat(job.state()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "worker       | B",
                "queue        | post",
                "args         | {\"n\": 2}",
                "meta         | {\"n\": 2}",
                "tags         | {}",
                "priority     | 0",
                "max_attempts | 3"
            },
            quoteCharacter = '~')
    void one_option_given_changes_one_column(String column, String expected) {
        long id = FullRows.add(jobs, JobState.AVAILABLE);
        Map<String, String> before = jobs.row(id);
        JobChanges none = JobChanges.none();
        Map<String, JobChanges> changes = Map.of(
                "worker", none.worker("B"),
                "queue", none.queue("post"),
                "args", none.args(Map.of("n", 2)),
                "meta", none.meta(Map.of("n", 2)),
                "tags", none.tags(),
                "priority", none.priority(0),
                "max_attempts", none.maxAttempts(3));

        updating.update(id, changes.get(column));

        assertThat(jobs.row(id)).isEqualTo(RawJobs.changed(before, column, expected));
    }

    @ParameterizedTest
    @EnumSource(JobState.class)
    void a_new_time_makes_a_job_scheduled_whatever_it_was(JobState state) {
        long id = FullRows.add(jobs, state);
        Map<String, String> before = jobs.row(id);

        Job job = updating.update(id, LATER).orElseThrow();

        assertThat(jobs.row(id))
                .isEqualTo(RawJobs.changed(before, "state", "scheduled", "scheduled_at", "2030-01-01 00:00:00.000001"));
        assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
        assertThat(job.scheduledAt()).isEqualTo("2030-01-01T00:00:00.000001Z");
    }

    @Test
    void a_wait_counts_from_the_update() {
        long id = FullRows.add(jobs, JobState.RETRYABLE);

        updating.update(id, JobChanges.none().in(Duration.ofMinutes(-1)));

        assertThat(jobs.row(id))
                .containsEntry("state", "scheduled")
                .containsEntry("scheduled_at", "2026-01-01 11:59:00.000123");
    }

    @Test
    void a_run_under_way_can_no_longer_write_its_result_after_a_new_time() {
        Jdbc jdbc = new Jdbc(schema.dataSource(), Transactions.none());
        Prefix prefix = new Prefix(schema.name());
        Owner owner = new Owner("here", new UUID(1, 2));
        jobs.add("(worker) VALUES ('A')");
        Job job = new Fetching(jdbc, prefix, clock)
                .fetch(new Demand("default", owner, 1), Set.of("A"))
                .get(0);
        updating.update(job.id(), LATER);

        assertThat(new Acknowledgement(jdbc, prefix, clock, new ResultSettings(false, true))
                        .settle(job, owner, new Settlement.Complete()))
                .isFalse();
        assertThat(jobs.state(job.id())).isEqualTo("scheduled");
    }

    @ParameterizedTest
    @EnumSource(JobState.class)
    void a_job_that_may_run_again_is_never_left_without_an_attempt(JobState state) {
        long id = FullRows.add(jobs, state, 4, 9);
        boolean ended = Set.of(JobState.COMPLETED, JobState.DISCARDED, JobState.CANCELLED)
                .contains(state);

        updating.update(id, JobChanges.none().maxAttempts(2));

        assertThat(jobs.row(id)).containsEntry("attempt", "4").containsEntry("max_attempts", ended ? "4" : "5");
    }

    @ParameterizedTest
    @EnumSource(JobState.class)
    void a_new_time_leaves_an_attempt_to_every_job(JobState state) {
        long exhausted = FullRows.add(jobs, state, 4, 4);
        long fresh = FullRows.add(jobs, state, 1, 4);

        assertThat(updating.update(JobFilter.all(), LATER).jobs()).isEqualTo(2);
        assertThat(jobs.row(exhausted)).containsEntry("max_attempts", "5");
        assertThat(jobs.row(fresh)).containsEntry("max_attempts", "4");

        updating.update(JobFilter.all(), LATER.maxAttempts(1));
        assertThat(jobs.row(exhausted)).containsEntry("max_attempts", "5");
        assertThat(jobs.row(fresh)).containsEntry("max_attempts", "2");
    }

    @Test
    void a_failing_run_that_was_given_fewer_attempts_leaves_a_job_that_can_be_fetched() {
        Jdbc jdbc = new Jdbc(schema.dataSource(), Transactions.none());
        Prefix prefix = new Prefix(schema.name());
        Owner owner = new Owner("here", new UUID(1, 2));
        Fetching fetching = new Fetching(jdbc, prefix, clock);
        long id = jobs.add("(worker, attempt) VALUES ('A', 4)");
        Job job = fetching.fetch(new Demand("default", owner, 1), Set.of("A")).get(0);

        updating.update(id, JobChanges.none().maxAttempts(1));
        new Acknowledgement(jdbc, prefix, clock, new ResultSettings(false, true))
                .settle(job, owner, new Settlement.Retry("** (E) m", Duration.ofSeconds(-1)));
        new Staging(jdbc, prefix, clock).stage(10, List.of());

        assertThat(fetching.fetch(new Demand("default", owner, 1), Set.of("A"))).containsExactly(job);
    }

    @Test
    void mistakes_are_all_reported_and_nothing_is_changed() {
        long id = FullRows.add(jobs, JobState.AVAILABLE);
        Map<String, String> before = jobs.row(id);
        JobChanges wrong = JobChanges.none().priority(10).queue("").args(List.of(1));

        assertThatThrownBy(() -> updating.update(id, wrong))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("priority must be 0 to 9, was 10")
                .hasMessageContaining("queue must be 1 to 127 characters")
                .hasMessageContaining("args must be a JSON object");
        assertThatThrownBy(() -> updating.update(JobFilter.all(), wrong)).isInstanceOf(InvalidJobException.class);
        assertThatThrownBy(() -> updating.update(id, job -> wrong)).isInstanceOf(InvalidJobException.class);

        assertThat(jobs.row(id)).isEqualTo(before);
    }

    @Test
    void changes_that_change_nothing_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> updating.update(1, JobChanges.none()))
                .withMessageContaining("changes must name at least one option");
        assertThatIllegalArgumentException().isThrownBy(() -> updating.update(JobFilter.all(), JobChanges.none()));
    }

    @Test
    void a_job_that_is_not_there_is_none() {
        assertThat(updating.update(404, LATER)).isEmpty();
        assertThat(updating.update(404, job -> LATER)).isEmpty();
    }

    @Test
    void a_function_sees_the_job_and_says_what_changes() {
        long id = FullRows.add(jobs, JobState.RETRYABLE);

        Job job = updating.update(id, was -> JobChanges.none().priority(was.priority() + 1))
                .orElseThrow();

        assertThat(job.priority()).isEqualTo(4);
        assertThat(jobs.row(id)).containsEntry("priority", "4");
    }

    @Test
    void a_function_may_leave_the_job_as_it_is() {
        long id = FullRows.add(jobs, JobState.RETRYABLE);
        Map<String, String> before = jobs.row(id);

        assertThat(updating.update(id, job -> JobChanges.none())).map(Job::id).contains(id);

        assertThat(jobs.row(id)).isEqualTo(before);
    }

    @Test
    void a_function_that_throws_changes_nothing_and_holds_nothing() {
        long id = FullRows.add(jobs, JobState.RETRYABLE);

        assertThatThrownBy(() -> updating.update(id, job -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(updating.update(id, LATER)).isPresent();
    }

    @Test
    void functions_of_many_threads_see_each_others_changes() throws Exception {
        long id = jobs.add("(worker, meta) VALUES ('A', '{\"n\": 0}')");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (ConnectionPool pool = new ConnectionPool(schema.dataSource())) {
            Updating pooled =
                    new Updating(new Jdbc(pool.dataSource(), Transactions.none()), new Prefix(schema.name()), clock);
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                running.add(threads.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        pooled.update(
                                id,
                                job -> JobChanges.none()
                                        .meta(Map.of("n", job.meta().getInt("n") + 1)));
                    }
                }));
            }
            for (Future<?> one : running) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(jobs.row(id)).containsEntry("meta", "{\"n\": 200}");
    }

    @Test
    void only_jobs_that_match_are_changed_and_queues_with_available_ones_are_named_once() {
        FullRows.add(jobs, JobState.AVAILABLE);
        FullRows.add(jobs, JobState.AVAILABLE);
        FullRows.add(jobs, JobState.COMPLETED);
        long elsewhere = FullRows.add(jobs, JobState.SCHEDULED);
        long other = FullRows.add(jobs, JobState.AVAILABLE);
        jobs.change(elsewhere, "queue = 'post'");
        jobs.change(other, "worker = 'B'");

        Touched touched =
                updating.update(JobFilter.all().workers("A"), JobChanges.none().priority(0));

        assertThat(touched).isEqualTo(new Touched(4, List.of("mail")));
        assertThat(jobs.row(other)).containsEntry("priority", "3");
    }

    @Test
    void a_queue_is_named_as_it_is_after_the_change() {
        FullRows.add(jobs, JobState.AVAILABLE);

        assertThat(updating.update(JobFilter.all(), JobChanges.none().queue("post")))
                .isEqualTo(new Touched(1, List.of("post")));
        assertThat(updating.update(JobFilter.all(), LATER)).isEqualTo(new Touched(1, List.of()));
    }

    @Test
    void a_job_that_began_while_the_update_waited_is_judged_by_what_it_is_then() throws Exception {
        long id = FullRows.add(jobs, JobState.AVAILABLE, 4, 5);

        HeldRow.changedWhile(
                schema,
                "UPDATE ${schema}.oban_jobs SET state = 'executing', attempt = 5 WHERE id = " + id,
                () -> updating.update(id, JobChanges.none().maxAttempts(2)));

        assertThat(jobs.row(id)).containsEntry("attempt", "5").containsEntry("max_attempts", "6");
    }

    @Test
    void updates_and_fetches_at_once_never_leave_a_job_that_cannot_run() throws Exception {
        jobs.run("INSERT INTO ${schema}.oban_jobs (worker, max_attempts) SELECT 'A', 3 FROM generate_series(1, 200)");
        Owner owner = new Owner("here", new UUID(1, 2));
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (ConnectionPool pool = new ConnectionPool(schema.dataSource())) {
            Jdbc jdbc = new Jdbc(pool.dataSource(), Transactions.none());
            Prefix prefix = new Prefix(schema.name());
            Updating pooled = new Updating(jdbc, prefix, clock);
            Fetching fetching = new Fetching(jdbc, prefix, clock);
            Acknowledgement acknowledgement = new Acknowledgement(jdbc, prefix, clock, new ResultSettings(false, true));
            Staging staging = new Staging(jdbc, prefix, clock);
            Future<?> running = threads.submit(() -> {
                for (int i = 0; i < 60; i++) {
                    for (Job job : fetching.fetch(new Demand("default", owner, 20), Set.of("A"))) {
                        acknowledgement.settle(job, owner, new Settlement.Retry("** (E) m", Duration.ofSeconds(-1)));
                    }
                    staging.stage(500, List.of());
                    assertThat(jobs.query(EXHAUSTED + " AND state = 'available'"))
                            .isEmpty();
                }
            });
            Future<?> updates = threads.submit(() -> {
                for (int i = 0; !running.isDone(); i++) {
                    pooled.update(JobFilter.all(), JobChanges.none().maxAttempts(1 + i % 4));
                }
            });
            Future<?> schedules = threads.submit(() -> {
                for (long i = 0; !running.isDone(); i++) {
                    pooled.update(
                            1 + i % 200,
                            JobChanges.none().in(Duration.ofSeconds(-1)).maxAttempts(1));
                }
            });
            running.get(60, TimeUnit.SECONDS);
            updates.get(60, TimeUnit.SECONDS);
            schedules.get(60, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }

        assertThat(jobs.count("attempt > 1")).as("jobs were run").isPositive();
        assertThat(jobs.query(EXHAUSTED)).isEmpty();
    }
}
