package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.JobState;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ExtendWith(PooledSchema.class)
class PruningTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final TestSchema schema;
    private final RawJobs jobs;
    private final Jdbc jdbc;
    private final Prefix prefix;
    private final Pruning pruning;

    PruningTest(TestSchema schema) {
        this.schema = schema;
        jobs = new RawJobs(schema);
        jdbc = new Jdbc(schema.dataSource(), Transactions.none());
        prefix = new Prefix(schema.name());
        pruning = new Pruning(jdbc, prefix);
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "CANCELLED", "DISCARDED"})
    void a_job_is_kept_for_an_age_from_its_end(JobState state) {
        long job = ended(state, "90 minutes");

        assertThat(prune(state, HOUR.multipliedBy(2), 10)).isZero();
        assertThat(ids()).containsExactly(job);
        assertThat(prune(state, HOUR, 10)).isOne();
        assertThat(ids()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "CANCELLED", "DISCARDED"})
    void no_other_moment_than_that_of_its_end_counts(JobState state) {
        long job = ended(state, "1 minute");
        for (String other : List.of("completed_at", "cancelled_at", "discarded_at", "attempted_at", "inserted_at")) {
            if (!other.equals(endedAt(state))) {
                jobs.change(job, other + " = '2026-01-01'");
            }
        }
        jobs.change(job, "scheduled_at = '2026-01-01'");

        assertThat(prune(state, HOUR, 10)).isZero();

        assertThat(ids()).containsExactly(job);
    }

    @Test
    void a_job_that_was_due_long_ago_and_completed_just_now_is_kept() {
        long job = ended(JobState.COMPLETED, "0 seconds");
        jobs.change(job, "scheduled_at = '2020-01-01'");
        long old = ended(JobState.COMPLETED, "2 hours");

        assertThat(prune(JobState.COMPLETED, HOUR, 1)).isOne();

        assertThat(ids()).containsExactly(job).doesNotContain(old);
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "CANCELLED", "DISCARDED"})
    void a_job_as_old_as_the_age_is_kept_and_one_a_microsecond_older_is_not(JobState state) {
        jdbc.together(() -> {
            for (String age : List.of("1 hour", "1 hour 1 microsecond")) {
                jdbc.update(
                        prefix.in(
                                "INSERT INTO ${schema}.oban_jobs (worker, queue, state, scheduled_at, " + endedAt(state)
                                        + ") VALUES ('A', ?, '" + state.label()
                                        + "', '2026-01-01', timezone('UTC', now()) - interval '"
                                        + age + "')"),
                        p -> p.text(age));
            }
            return prune(state, HOUR, 10);
        });

        assertThat(jobs.query("SELECT queue FROM ${schema}.oban_jobs")).containsExactly("1 hour");
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "CANCELLED", "DISCARDED"})
    void jobs_of_other_states_are_left_alone(JobState state) {
        for (JobState each : JobState.values()) {
            jobs.add("""
                    (worker, state, scheduled_at, completed_at, cancelled_at, discarded_at)
                    VALUES ('A', '%s', '2026-01-01', '2026-01-01', '2026-01-01', '2026-01-01')""".formatted(each.label()));
        }

        assertThat(prune(state, HOUR, 10)).isOne();

        assertThat(jobs.query("SELECT state FROM ${schema}.oban_jobs"))
                .hasSize(JobState.values().length - 1)
                .doesNotContain(state.label());
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "CANCELLED", "DISCARDED"})
    void the_oldest_go_first_and_no_more_than_the_limit(JobState state) {
        long third = ended(state, "3 hours");
        long first = ended(state, "5 hours");
        long fourth = ended(state, "2 hours");
        long second = ended(state, "4 hours");

        assertThat(prune(state, HOUR, 1)).isOne();
        assertThat(ids()).containsExactlyInAnyOrder(second, third, fourth).doesNotContain(first);
        assertThat(prune(state, HOUR, 2)).isEqualTo(2);
        assertThat(ids()).containsExactly(fourth);
        assertThat(prune(state, HOUR, 2)).isOne();
        assertThat(prune(state, HOUR, 2)).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "CANCELLED", "DISCARDED"})
    void jobs_of_every_queue_and_priority_are_found(JobState state) {
        int age = 100;
        for (String queue : List.of("b", "a", "default", "Z", "é")) {
            for (int priority : new int[] {9, 0, 3}) {
                for (int each = 0; each < 2; each++) {
                    jobs.change(
                            ended(state, age++ + " hours"), "queue = '%s', priority = %d".formatted(queue, priority));
                    jobs.change(ended(state, "1 minute"), "queue = '%s', priority = %d".formatted(queue, priority));
                }
            }
        }
        List<Long> oldest = jobs.query("SELECT id FROM ${schema}.oban_jobs ORDER BY scheduled_at LIMIT 7").stream()
                .map(Long::valueOf)
                .toList();

        assertThat(prune(state, HOUR, 7)).isEqualTo(7);
        assertThat(ids()).hasSize(53).as("the oldest of all").doesNotContainAnyElementsOf(oldest);
        assertThat(prune(state, HOUR, 100)).isEqualTo(23);
        assertThat(jobs.count(endedAt(state) + " < timezone('UTC', now()) - interval '1 hour'"))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "CANCELLED", "DISCARDED"})
    void a_job_that_another_transaction_refers_to_is_passed_over(JobState state) throws SQLException {
        long held = ended(state, "3 hours");
        ended(state, "2 hours");
        Batch<Integer> old = pruning.of(state, HOUR, 2);
        try (Connection other = schema.dataSource().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement()
                    .execute("SELECT FROM " + schema.name() + ".oban_jobs WHERE id = " + held + " FOR KEY SHARE");

            assertThat(old.runFor(List.of(held))).isZero();
            assertThat(old.run(List.of())).isOne();
            assertThat(ids()).containsExactly(held);
            other.rollback();
        }
        assertThat(old.run(List.of())).isOne();
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "CANCELLED", "DISCARDED"})
    void some_are_left_out_and_some_are_pruned_alone(JobState state) {
        long first = ended(state, "4 hours");
        long second = ended(state, "3 hours");
        long third = ended(state, "2 hours");
        long young = ended(state, "1 minute");
        Batch<Integer> old = pruning.of(state, HOUR, 2);

        assertThat(old.find(List.of())).containsExactly(first, second);
        assertThat(old.find(List.of(first))).containsExactly(second, third);
        assertThat(old.runFor(List.of(second, young, -1L))).isOne();
        assertThat(old.run(List.of(first))).isOne();
        assertThat(ids()).containsExactlyInAnyOrder(first, young);
    }

    @Test
    void jobs_that_have_not_ended_cannot_be_pruned() {
        for (JobState state : JobState.values()) {
            if (endedAt(state).isEmpty()) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> prune(state, HOUR, 1))
                        .withMessage("state must be one of ended jobs, was " + state);
            }
        }
    }

    private int prune(JobState state, Duration age, int limit) {
        return pruning.of(state, age, limit).run(List.of());
    }

    private long ended(JobState state, String ago) {
        return jobs.add("""
                (worker, state, scheduled_at, %s)
                VALUES ('A', '%s', timezone('UTC', now()) - interval '%s', timezone('UTC', now()) - interval '%s')""".formatted(endedAt(state), state.label(), ago, ago));
    }

    private static String endedAt(JobState state) {
        return switch (state) {
            case COMPLETED, CANCELLED, DISCARDED -> state.label() + "_at";
            default -> "";
        };
    }

    private List<Long> ids() {
        return jobs.query("SELECT id FROM ${schema}.oban_jobs").stream()
                .map(Long::valueOf)
                .toList();
    }
}
