package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PooledSchema.class)
class StagingTest {

    private final SettableClock clock = new SettableClock("2026-01-01T12:00:00.000005Z");
    private final TestSchema schema;
    private final RawJobs jobs;
    private final Staging staging;

    StagingTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
        this.staging =
                new Staging(new Jdbc(schema.dataSource(), Transactions.none()), new Prefix(schema.name()), clock);
    }

    @ParameterizedTest
    @ValueSource(strings = {"scheduled", "retryable"})
    void a_due_job_becomes_available_and_nothing_else_of_it_changes(String state) {
        long job = add(state, "2026-01-01 11:00", "mail");
        jobs.change(job, "attempt = 2, attempted_by = '{a,b}', errors = ARRAY['{\"attempt\": 1}'::jsonb], meta = NULL");
        Map<String, String> before = jobs.row(job);

        assertThat(staging.stage(10)).containsExactly("mail");

        assertThat(jobs.row(job)).isEqualTo(RawJobs.changed(before, "state", "available"));
    }

    @Test
    void a_job_is_due_from_its_very_microsecond() {
        long due = add("scheduled", "2026-01-01 12:00:00.000005", "a");
        long early = add("scheduled", "2026-01-01 12:00:00.000006", "b");

        assertThat(staging.stage(10)).containsExactly("a");

        assertThat(jobs.state(due)).isEqualTo("available");
        assertThat(jobs.state(early)).isEqualTo("scheduled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"available", "suspended", "executing", "completed", "discarded", "cancelled"})
    void jobs_of_other_states_are_left_alone(String state) {
        long job = add(state, "2026-01-01 11:00", "a");
        Map<String, String> before = jobs.row(job);

        assertThat(staging.stage(10)).isEmpty();

        assertThat(jobs.row(job)).isEqualTo(before);
    }

    @Test
    void the_longest_due_go_first_and_no_more_than_the_limit() {
        long third = add("retryable", "2026-01-01 03:00", "a");
        long first = add("scheduled", "2026-01-01 01:00", "a");
        long secondToo = add("scheduled", "2026-01-01 02:00", "a");
        long secondLater = add("retryable", "2026-01-01 02:00", "a");

        staging.stage(1);
        assertThat(available()).isEqualTo("{" + first + "}");
        staging.stage(1);
        assertThat(available()).isEqualTo("{%d,%d}".formatted(first, secondToo));
        staging.stage(1);
        assertThat(available()).isEqualTo("{%d,%d,%d}".formatted(first, secondToo, secondLater));
        staging.stage(2);
        assertThat(jobs.state(third)).isEqualTo("available");
    }

    @Test
    void each_job_moved_names_its_queue() {
        add("scheduled", "2026-01-01 01:00", "a");
        add("scheduled", "2026-01-01 01:00", "a");
        add("retryable", "2026-01-01 01:00", "b");

        assertThat(staging.stage(10)).containsExactlyInAnyOrder("a", "a", "b");
        assertThat(staging.stage(10)).isEmpty();
    }

    @Test
    void a_job_that_another_is_staging_is_passed_over() throws SQLException {
        long locked = add("scheduled", "2026-01-01 01:00", "a");
        long free = add("scheduled", "2026-01-01 02:00", "b");
        try (Connection other = schema.dataSource().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement()
                    .execute("SELECT FROM " + schema.name() + ".oban_jobs WHERE id = " + locked + " FOR UPDATE");

            assertThat(staging.stage(1)).containsExactly("b");
            other.rollback();
        }
        assertThat(jobs.state(free)).isEqualTo("available");
        assertThat(jobs.state(locked)).isEqualTo("scheduled");
    }

    private long add(String state, String scheduledAt, String queue) {
        return jobs.add("(worker, state, scheduled_at, queue) VALUES ('A', '%s', '%s', '%s')"
                .formatted(state, scheduledAt, queue));
    }

    private String available() {
        return jobs.query(
                        "SELECT array_agg(id ORDER BY scheduled_at, id) FROM ${schema}.oban_jobs WHERE state = 'available'")
                .get(0);
    }
}
