package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.JobFilter;
import dev.kerrera.job.JobState;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(PooledSchema.class)
class RetryingTest {

    private static final String NOW = "2026-01-01 12:00:00.000123";

    private final SettableClock clock = new SettableClock("2026-01-01T12:00:00.000123Z");
    private final TestSchema schema;
    private final RawJobs jobs;
    private final Jdbc jdbc;
    private final Retrying retrying;

    RetryingTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
        this.jdbc = new Jdbc(schema.dataSource(), Transactions.none());
        this.retrying = new Retrying(jdbc, new Prefix(schema.name()), clock);
    }

    @ParameterizedTest
    @EnumSource(
            value = JobState.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"AVAILABLE", "EXECUTING"})
    void a_job_becomes_available_now_and_loses_the_times_of_its_end_only(JobState state) {
        long id = FullRows.add(jobs, state);
        Map<String, String> before = jobs.row(id);

        assertThat(retry(id)).isEqualTo(new Touched(1, List.of("mail")));

        assertThat(jobs.row(id))
                .isEqualTo(RawJobs.changed(
                        before,
                        "state",
                        "available",
                        "scheduled_at",
                        NOW,
                        "completed_at",
                        null,
                        "discarded_at",
                        null,
                        "cancelled_at",
                        null));
    }

    @ParameterizedTest
    @EnumSource(
            value = JobState.class,
            names = {"AVAILABLE", "EXECUTING"})
    void a_job_that_is_available_or_executes_is_left_alone(JobState state) {
        long id = FullRows.add(jobs, state);
        Map<String, String> before = jobs.row(id);

        assertThat(retry(id)).isEqualTo(new Touched(0, List.of()));

        assertThat(jobs.row(id)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"0, 20, 20", "4, 5, 5", "5, 5, 6", "1, 1, 2", "0, 1, 1"})
    void an_attempt_is_added_only_where_none_is_left(int attempt, int maxAttempts, String expected) {
        long id = FullRows.add(jobs, JobState.DISCARDED, attempt, maxAttempts);

        retry(id);

        assertThat(jobs.row(id))
                .containsEntry("attempt", String.valueOf(attempt))
                .containsEntry("max_attempts", expected);
    }

    @Test
    void an_exhausted_job_can_be_fetched_again() {
        long id = FullRows.add(jobs, JobState.DISCARDED, 5, 5);

        retry(id);

        assertThat(new Fetching(jdbc, new Prefix(schema.name()), clock)
                        .fetch(new Demand("mail", new Owner("here", new UUID(1, 2)), 1), Set.of("A")))
                .extracting(job -> job.id(), job -> job.attempt(), job -> job.maxAttempts())
                .containsExactly(tuple(id, 6, 6));
    }

    @Test
    void of_many_jobs_each_queue_is_named_once() {
        long first = FullRows.add(jobs, JobState.CANCELLED);
        FullRows.add(jobs, JobState.DISCARDED);
        FullRows.add(jobs, JobState.COMPLETED);
        FullRows.add(jobs, JobState.EXECUTING);
        jobs.change(first, "queue = 'other'");

        Touched touched = retrying.retry(JobFilter.all());

        assertThat(touched.jobs()).isEqualTo(3);
        assertThat(touched.queues()).containsExactlyInAnyOrder("mail", "other");
    }

    @Test
    void only_jobs_that_match_are_retried() {
        long id = FullRows.add(jobs, JobState.CANCELLED);
        FullRows.add(jobs, JobState.DISCARDED);

        assertThat(retrying.retry(JobFilter.all().states(JobState.CANCELLED)).jobs())
                .isEqualTo(1);
        assertThat(jobs.state(id)).isEqualTo("available");
        assertThat(jobs.count("state = 'discarded'")).isEqualTo(1);
    }

    @Test
    void a_job_that_began_while_it_waited_for_the_row_is_left_alone() throws Exception {
        long id = FullRows.add(jobs, JobState.SCHEDULED);

        Touched touched = HeldRow.changedWhile(
                schema, "UPDATE ${schema}.oban_jobs SET state = 'executing' WHERE id = " + id, () -> retry(id));

        assertThat(touched.jobs()).isZero();
        assertThat(jobs.state(id)).isEqualTo("executing");
    }

    @Test
    void attempts_are_counted_as_they_are_once_the_row_is_free() throws Exception {
        long id = FullRows.add(jobs, JobState.RETRYABLE, 2, 5);

        HeldRow.changedWhile(
                schema,
                "UPDATE ${schema}.oban_jobs SET state = 'discarded', attempt = 5 WHERE id = " + id,
                () -> retry(id));

        assertThat(jobs.row(id)).containsEntry("state", "available").containsEntry("max_attempts", "6");
    }

    private Touched retry(long id) {
        return retrying.retry(JobFilter.all().ids(id));
    }
}
