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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PooledSchema.class)
class StagingTest {

    private static final Touched NOTHING = new Touched(0, List.of());

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

        assertThat(stage(10)).isEqualTo(new Touched(1, List.of("mail")));

        assertThat(jobs.row(job)).isEqualTo(RawJobs.changed(before, "state", "available"));
    }

    @Test
    void a_job_is_due_from_its_very_microsecond() {
        long due = add("scheduled", "2026-01-01 12:00:00.000005", "a");
        long early = add("scheduled", "2026-01-01 12:00:00.000006", "b");

        assertThat(stage(10)).isEqualTo(new Touched(1, List.of("a")));

        assertThat(jobs.state(due)).isEqualTo("available");
        assertThat(jobs.state(early)).isEqualTo("scheduled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"available", "suspended", "executing", "completed", "discarded", "cancelled"})
    void jobs_of_other_states_are_left_alone(String state) {
        long job = add(state, "2026-01-01 11:00", "a");
        Map<String, String> before = jobs.row(job);

        assertThat(stage(10)).isEqualTo(NOTHING);

        assertThat(jobs.row(job)).isEqualTo(before);
    }

    @Test
    void the_longest_due_go_first_and_no_more_than_the_limit() {
        long third = add("retryable", "2026-01-01 03:00", "a");
        long first = add("scheduled", "2026-01-01 01:00", "a");
        long secondToo = add("scheduled", "2026-01-01 02:00", "a");
        long secondLater = add("retryable", "2026-01-01 02:00", "a");

        stage(1);
        assertThat(available()).isEqualTo("{" + first + "}");
        stage(1);
        assertThat(available()).isEqualTo("{%d,%d}".formatted(first, secondToo));
        stage(1);
        assertThat(available()).isEqualTo("{%d,%d,%d}".formatted(first, secondToo, secondLater));
        stage(2);
        assertThat(jobs.state(third)).isEqualTo("available");
    }

    @Test
    void the_queues_of_the_jobs_moved_are_named_once() {
        add("scheduled", "2026-01-01 01:00", "a");
        add("scheduled", "2026-01-01 01:00", "a");
        add("retryable", "2026-01-01 01:00", "b");

        Touched moved = stage(10);

        assertThat(moved.jobs()).isEqualTo(3);
        assertThat(moved.queues()).containsExactlyInAnyOrder("a", "b");
        assertThat(stage(10)).isEqualTo(NOTHING);
    }

    @Test
    void a_job_that_another_is_staging_is_passed_over() throws SQLException {
        long locked = add("scheduled", "2026-01-01 01:00", "a");
        long free = add("scheduled", "2026-01-01 02:00", "b");
        try (Connection other = schema.dataSource().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement()
                    .execute("SELECT FROM " + schema.name() + ".oban_jobs WHERE id = " + locked + " FOR UPDATE");

            assertThat(stage(1)).isEqualTo(new Touched(1, List.of("b")));
            other.rollback();
        }
        assertThat(jobs.state(free)).isEqualTo("available");
        assertThat(jobs.state(locked)).isEqualTo("scheduled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scheduled", "retryable"})
    void a_job_without_an_attempt_left_is_given_one_more(String state) {
        long job = add(state, "2026-01-01 11:00", "a");
        jobs.change(job, "attempt = 3, max_attempts = 3");
        Map<String, String> before = jobs.row(job);

        stage(10);

        assertThat(jobs.row(job)).isEqualTo(RawJobs.changed(before, "state", "available", "max_attempts", "4"));
    }

    @Test
    void the_order_is_that_of_time_across_queues_priorities_and_states() {
        for (int i = 1; i <= 60; i++) {
            long job = add(i % 2 == 0 ? "scheduled" : "retryable", "2026-01-01 10:%02d".formatted(i % 60), "q" + i % 7);
            jobs.change(job, "priority = " + i % 4);
        }

        for (int batch = 1; batch <= 6; batch++) {
            assertThat(stage(10).jobs()).isEqualTo(10);
            assertThat(
                            jobs.query(
                                    "SELECT to_char(max(scheduled_at), 'MI') FROM ${schema}.oban_jobs WHERE state = 'available'"))
                    .containsExactly("%02d".formatted(batch * 10 - 1));
        }
        assertThat(stage(10)).isEqualTo(NOTHING);
    }

    @Test
    void the_excepted_are_left_alone_and_take_no_place_of_the_limit() {
        long excepted = add("scheduled", "2026-01-01 01:00", "a");
        long other = add("scheduled", "2026-01-01 02:00", "b");

        assertThat(staging.stage(1, List.of(excepted))).isEqualTo(new Touched(1, List.of("b")));
        assertThat(jobs.state(excepted)).isEqualTo("scheduled");
        assertThat(jobs.state(other)).isEqualTo("available");
    }

    @Test
    void a_look_names_every_queue_with_available_jobs_and_moves_nothing() {
        add("available", "2026-01-01 01:00", "a");
        add("available", "2026-01-01 01:00", "a");
        add("available", "2026-01-01 01:00", "b");
        add("executing", "2026-01-01 01:00", "c");
        add("scheduled", "2026-01-01 13:00", "d");

        assertThat(staging.look()).isEqualTo(new Staging.Sight(false, List.of("a", "b")));

        add("retryable", "2026-01-01 01:00", "e");
        assertThat(staging.look()).isEqualTo(new Staging.Sight(true, List.of("a", "b")));
        assertThat(jobs.count("state = 'retryable'")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"scheduled", "retryable"})
    void a_look_sees_a_job_that_is_due_from_its_very_microsecond(String state) {
        add(state, "2026-01-01 13:00", "a");
        add(state, "2026-01-01 12:00:00.000006", "b");
        assertThat(staging.look()).isEqualTo(new Staging.Sight(false, List.of()));

        add(state, "2026-01-01 12:00:00.000005", "b");
        assertThat(staging.look()).isEqualTo(new Staging.Sight(true, List.of()));
    }

    @Test
    void the_due_are_told_in_the_order_in_which_they_would_go() {
        long second = add("retryable", "2026-01-01 02:00", "a");
        long first = add("scheduled", "2026-01-01 01:00", "b");
        long third = add("scheduled", "2026-01-01 03:00", "a");
        add("scheduled", "2026-01-01 13:00", "a");

        assertThat(staging.due(10, List.of())).containsExactly(first, second, third);
        assertThat(staging.due(2, List.of())).containsExactly(first, second);
        assertThat(staging.due(2, List.of(first))).containsExactly(second, third);
    }

    @Test
    void given_jobs_are_moved_if_they_are_due() {
        long due = add("scheduled", "2026-01-01 01:00", "a");
        long early = add("retryable", "2026-01-01 13:00", "b");
        long other = add("completed", "2026-01-01 01:00", "c");
        long notGiven = add("scheduled", "2026-01-01 01:00", "d");

        assertThat(staging.stage(List.of(due, early, other, -1L))).isEqualTo(new Touched(1, List.of("a")));

        assertThat(jobs.state(due)).isEqualTo("available");
        assertThat(jobs.state(early)).isEqualTo("retryable");
        assertThat(jobs.state(other)).isEqualTo("completed");
        assertThat(jobs.state(notGiven)).isEqualTo("scheduled");
    }

    private Touched stage(int limit) {
        return staging.stage(limit, List.of());
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
