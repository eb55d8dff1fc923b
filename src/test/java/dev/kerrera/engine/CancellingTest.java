package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.ResultSettings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobFilter;
import dev.kerrera.job.JobState;
import dev.kerrera.testsupport.ConnectionPool;
import dev.kerrera.testsupport.JoinedDataSource;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(PooledSchema.class)
class CancellingTest {

    private static final String NOW = "2026-01-01 12:00:00.000123";

    private final SettableClock clock = new SettableClock("2026-01-01T12:00:00.000123Z");
    private final TestSchema schema;
    private final RawJobs jobs;
    private final Cancelling cancelling;

    CancellingTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
        this.cancelling =
                new Cancelling(new Jdbc(schema.dataSource(), Transactions.none()), new Prefix(schema.name()), clock);
    }

    @ParameterizedTest
    @EnumSource(
            value = JobState.class,
            names = {"AVAILABLE", "SUSPENDED", "SCHEDULED", "EXECUTING", "RETRYABLE"})
    void a_job_that_has_not_ended_gets_state_and_time_and_keeps_everything_else(JobState state) {
        long id = FullRows.add(jobs, state);
        Map<String, String> before = jobs.row(id);

        assertThat(cancel(id).jobs()).isEqualTo(1);

        assertThat(jobs.row(id)).isEqualTo(RawJobs.changed(before, "state", "cancelled", "cancelled_at", NOW));
    }

    @ParameterizedTest
    @EnumSource(
            value = JobState.class,
            names = {"COMPLETED", "DISCARDED", "CANCELLED"})
    void a_job_that_has_ended_is_left_alone(JobState state) {
        long id = FullRows.add(jobs, state);
        Map<String, String> before = jobs.row(id);

        assertThat(cancel(id)).isEqualTo(new Cancelled(0, List.of()));

        assertThat(jobs.row(id)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(JobState.class)
    void only_jobs_that_were_executing_are_told_so(JobState state) {
        long id = FullRows.add(jobs, state);

        assertThat(cancel(id).executing()).isEqualTo(state == JobState.EXECUTING ? List.of(id) : List.of());
    }

    @Test
    void a_job_that_is_not_there_is_none() {
        assertThat(cancel(404)).isEqualTo(new Cancelled(0, List.of()));
    }

    @Test
    void only_jobs_that_match_are_cancelled() {
        long matching = FullRows.add(jobs, JobState.EXECUTING);
        long waiting = FullRows.add(jobs, JobState.SCHEDULED);
        long other = FullRows.add(jobs, JobState.EXECUTING);
        jobs.change(other, "queue = 'other'");
        Map<String, String> before = jobs.row(other);

        assertThat(cancelling.cancel(JobFilter.all().queues("mail"))).isEqualTo(new Cancelled(2, List.of(matching)));

        assertThat(jobs.state(matching)).isEqualTo("cancelled");
        assertThat(jobs.state(waiting)).isEqualTo("cancelled");
        assertThat(jobs.row(other)).isEqualTo(before);
    }

    @Test
    void without_a_condition_every_job_is_cancelled_that_has_not_ended() {
        for (JobState state : JobState.values()) {
            FullRows.add(jobs, state);
        }

        assertThat(cancelling.cancel(JobFilter.all()).jobs()).isEqualTo(5);
        assertThat(jobs.count("state = 'cancelled'")).isEqualTo(6);
    }

    @Test
    void joins_the_callers_transaction() throws Exception {
        long id = FullRows.add(jobs, JobState.AVAILABLE);
        try (Connection connection = schema.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            Jdbc joined = new Jdbc(JoinedDataSource.of(schema.dataSource(), connection), Transactions.none());
            new Cancelling(joined, new Prefix(schema.name()), clock).cancel(JobFilter.all());
            connection.rollback();
        }
        assertThat(jobs.state(id)).isEqualTo("available");
    }

    @Test
    void a_job_that_was_fetched_while_it_waited_for_the_row_was_executing() throws Exception {
        long id = FullRows.add(jobs, JobState.AVAILABLE);

        Cancelled cancelled = HeldRow.changedWhile(
                schema,
                "UPDATE ${schema}.oban_jobs SET state = 'executing', attempt = 3 WHERE id = " + id,
                () -> cancel(id));

        assertThat(cancelled).isEqualTo(new Cancelled(1, List.of(id)));
        assertThat(jobs.row(id)).containsEntry("state", "cancelled").containsEntry("attempt", "3");
    }

    @Test
    void a_job_that_ended_while_it_waited_for_the_row_is_left_alone() throws Exception {
        long id = FullRows.add(jobs, JobState.EXECUTING);

        Cancelled cancelled = HeldRow.changedWhile(
                schema, "UPDATE ${schema}.oban_jobs SET state = 'completed' WHERE id = " + id, () -> cancel(id));

        assertThat(cancelled).isEqualTo(new Cancelled(0, List.of()));
        assertThat(jobs.state(id)).isEqualTo("completed");
    }

    @Test
    void a_job_that_went_away_while_it_waited_for_the_row_is_none() throws Exception {
        long id = FullRows.add(jobs, JobState.EXECUTING);

        Cancelled cancelled =
                HeldRow.changedWhile(schema, "DELETE FROM ${schema}.oban_jobs WHERE id = " + id, () -> cancel(id));

        assertThat(cancelled).isEqualTo(new Cancelled(0, List.of()));
    }

    @Test
    void of_a_cancellation_and_a_completion_at_once_exactly_one_takes_place() throws Exception {
        Owner owner = new Owner("here", new UUID(1, 2));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        CyclicBarrier start = new CyclicBarrier(2);
        int cancellations = 0;
        try (ConnectionPool pool = new ConnectionPool(schema.dataSource())) {
            Jdbc jdbc = new Jdbc(pool.dataSource(), Transactions.none());
            Prefix prefix = new Prefix(schema.name());
            Cancelling pooled = new Cancelling(jdbc, prefix, clock);
            Fetching fetching = new Fetching(jdbc, prefix, clock);
            Acknowledgement acknowledgement = new Acknowledgement(jdbc, prefix, clock, new ResultSettings(false, true));
            for (int round = 0; round < 200; round++) {
                jobs.add("(worker) VALUES ('A')");
                Job job = fetching.fetch(new Demand("default", owner, 1), Set.of("A"))
                        .get(0);
                Future<Cancelled> cancelled = threads.submit(() -> {
                    start.await();
                    return pooled.cancel(JobFilter.all().ids(job.id()));
                });
                Future<Boolean> completed = threads.submit(() -> {
                    start.await();
                    return acknowledgement.settle(job, owner, new Settlement.Complete());
                });

                boolean wasCancelled = cancelled.get(20, TimeUnit.SECONDS).jobs() == 1;

                assertThat(completed.get(20, TimeUnit.SECONDS)).isNotEqualTo(wasCancelled);
                assertThat(cancelled.get().executing()).hasSize(wasCancelled ? 1 : 0);
                assertThat(jobs.state(job.id())).isEqualTo(wasCancelled ? "cancelled" : "completed");
                cancellations += wasCancelled ? 1 : 0;
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(cancellations).as("both have won").isBetween(1, 199);
    }

    private Cancelled cancel(long id) {
        return cancelling.cancel(JobFilter.all().ids(id));
    }
}
