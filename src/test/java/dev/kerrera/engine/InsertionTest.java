package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobState;
import dev.kerrera.job.NewJob;
import dev.kerrera.testsupport.JoinedDataSource;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PooledSchema.class)
class InsertionTest {

    /** Years away from the database's own. */
    private final SettableClock clock = new SettableClock("2031-02-03T04:05:06.123456Z");

    private final TestSchema schema;
    private final RawJobs jobs;
    private final Insertion insertion;

    InsertionTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
        this.insertion = new Insertion(
                new Jdbc(schema.dataSource(), Transactions.none()), new Prefix(schema.name()), () -> true);
    }

    @Test
    void a_job_of_which_only_the_worker_is_known_has_the_tables_defaults() {
        Job job = insert(NewJob.of("App.Worker"));

        Map<String, String> bySql = jobs.row(jobs.add("(worker) VALUES ('App.Worker')"));
        assertThat(RawJobs.changed(jobs.row(job.id()), "id", "", "inserted_at", "", "scheduled_at", ""))
                .isEqualTo(RawJobs.changed(bySql, "id", "", "inserted_at", "", "scheduled_at", ""));
    }

    @Test
    void times_not_given_are_the_databases_in_utc() {
        Job job = insert(NewJob.of("A"));

        Instant now =
                Instant.parse(jobs.query("SELECT to_char(timezone('UTC', now()), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
                        .get(0));
        assertThat(job.insertedAt()).isBetween(now.minusSeconds(60), now);
        assertThat(job.scheduledAt()).isEqualTo(job.insertedAt());
        assertThat(jobs.row(job.id()).get("scheduled_at"))
                .isEqualTo(jobs.row(job.id()).get("inserted_at"));
    }

    @Test
    void a_job_without_a_time_is_available_and_one_with_a_time_is_scheduled() {
        Job now = insert(NewJob.of("A"));
        Job later = insert(NewJob.of("A").at(Instant.parse("2026-07-01T12:00:00.123456Z")));
        Job past = insert(NewJob.of("A").in(Duration.ofMinutes(-1)));

        assertThat(now.state()).isEqualTo(JobState.AVAILABLE);
        assertThat(jobs.row(later.id()))
                .containsEntry("state", "scheduled")
                .containsEntry("scheduled_at", "2026-07-01 12:00:00.123456");
        assertThat(jobs.row(past.id()))
                .containsEntry("state", "scheduled")
                .containsEntry("scheduled_at", "2031-02-03 04:04:06.123456");
    }

    @Test
    void everything_given_is_stored_as_it_was_given() {
        JsonObject args = object(
                "{\"n\":12345678901234567890.123456789,\"t\":\"a\\\"b\\\\c\\n\u00fc\",\"x\":null,\"l\":[1,{}],\"e\":{}}");
        Job job = insert(NewJob.of("App.Worker", args)
                .queue("mail")
                .priority(7)
                .maxAttempts(3)
                .tags("b", "a,c", "\"q\"")
                .meta(Map.of("deep", Map.of("k", List.of(1, "zwei")))));

        assertThat(object(jobs.row(job.id()).get("args"))).isEqualTo(args);
        assertThat(jobs.row(job.id()))
                .containsEntry("queue", "mail")
                .containsEntry("worker", "App.Worker")
                .containsEntry("priority", "7")
                .containsEntry("max_attempts", "3")
                .containsEntry("attempt", "0")
                .containsEntry("tags", "{b,\"a,c\",\"\\\"q\\\"\"}")
                .containsEntry("meta", "{\"deep\": {\"k\": [1, \"zwei\"]}}")
                .containsEntry("errors", "{}");
    }

    @Test
    void the_job_returned_is_the_row() {
        Job job = insert(NewJob.of("A", Map.of("k", "v"))
                .queue("mail")
                .priority(2)
                .maxAttempts(5)
                .tags("t")
                .meta(Map.of("m", 1))
                .at(Instant.parse("2026-03-08T02:30:00.000001Z")));

        assertThat(job.argsJson()).isEqualTo("{\"k\": \"v\"}");
        assertThat(job.meta()).isEqualTo(object("{\"m\":1}"));
        assertThat(job.tags()).containsExactly("t");
        assertThat(job.errors()).isEmpty();
        assertThat(job.attemptedBy()).isEmpty();
        assertThat(jobs.row(job.id()))
                .containsAllEntriesOf(Map.of(
                        "state", job.state().label(),
                        "queue", job.queue(),
                        "worker", job.worker(),
                        "attempt", String.valueOf(job.attempt()),
                        "max_attempts", String.valueOf(job.maxAttempts()),
                        "priority", String.valueOf(job.priority()),
                        "scheduled_at", "2026-03-08 02:30:00.000001"));
        assertThat(job.scheduledAt()).isEqualTo("2026-03-08T02:30:00.000001Z");
        assertThat(job.attemptedAt()).isNull();
        assertThat(job.completedAt()).isNull();
        assertThat(job.discardedAt()).isNull();
        assertThat(job.cancelledAt()).isNull();
    }

    @Test
    void joins_the_callers_transaction() throws SQLException {
        try (Connection connection = schema.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            Job job = new Insertion(
                            new Jdbc(JoinedDataSource.of(schema.dataSource(), connection), Transactions.none()),
                            new Prefix(schema.name()),
                            () -> true)
                    .insert(NewJob.of("A").resolve(clock));
            connection.rollback();

            assertThat(jobs.row(job.id())).isEmpty();
        }
    }

    private Job insert(NewJob job) {
        return insertion.insert(job.resolve(clock));
    }

    private static JsonObject object(String json) {
        return Json.createReader(new StringReader(json)).readObject();
    }
}
