package dev.kerrera.insert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kerrera.job.InvalidJobException;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobDefaults;
import dev.kerrera.job.JobState;
import dev.kerrera.job.NewJob;
import dev.kerrera.job.Replace;
import dev.kerrera.job.Unique;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TestSchema;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PooledSchema.class)
class UniqueInsertTest {

    private final SettableClock clock = new SettableClock("2031-02-03T04:05:06.123456Z");
    private final RawJobs jobs;
    private final InsertNode node;

    UniqueInsertTest(TestSchema schema) {
        jobs = new RawJobs(schema);
        node = InsertNode.plain(
                schema.name(),
                schema.dataSource(),
                clock,
                InsertNode.worker(
                        "report",
                        new JobDefaults(
                                "reports",
                                20,
                                0,
                                null,
                                Unique.within(Duration.ofHours(1))
                                        .keys("month")
                                        .timestamp(Unique.Timestamp.SCHEDULED_AT),
                                Replace.of(Replace.Field.PRIORITY, Replace.Field.QUEUE))));
    }

    @Test
    void a_workers_rule_holds_for_its_jobs() {
        Job first = insert(NewJob.of("report", Map.of("month", 5, "n", 1)).at(clock.instant()));

        assertThat(insert(NewJob.of("report", Map.of("month", 5, "n", 2))))
                .isEqualTo(first)
                .extracting(Job::isConflict)
                .isEqualTo(true);
        assertThat(insert(NewJob.of("report", Map.of("month", 6))).isConflict()).isFalse();
    }

    /** Not from the beginning of the transaction, which may be older than the period. */
    @Test
    void its_age_counts_from_the_moment_of_its_insert() {
        Job job = insert(NewJob.of("A").unique(Unique.within(Duration.ofSeconds(1))));

        assertThat(job.insertedAt()).isEqualTo(clock.instant());
        assertThat(job.scheduledAt()).isEqualTo(clock.instant());
    }

    @Test
    void what_a_job_says_is_merged_over_its_workers_rule_part_by_part() {
        insert(NewJob.of("report", Map.of("month", 5)).at(clock.instant()));
        clock.advance(Duration.ofMinutes(30));
        NewJob again = NewJob.of("report", Map.of("month", 5, "n", 2));

        assertThat(insert(again.unique(Unique.options())).isConflict()).isTrue();
        assertThat(insert(again.unique(Unique.options().keys())).isConflict()).isFalse();
        jobs.run("DELETE FROM ${schema}.oban_jobs WHERE args ? 'n'");
        assertThat(insert(again.unique(Unique.within(Duration.ofMinutes(29)))).isConflict())
                .isFalse();
        jobs.run("DELETE FROM ${schema}.oban_jobs WHERE args ? 'n'");
        assertThat(insert(again.unique(Unique.within(Duration.ofMinutes(30)))).isConflict())
                .isTrue();
        assertThat(insert(again.unique(Unique.none())).isConflict()).isFalse();
    }

    @Test
    void a_workers_replacement_holds_for_its_jobs_unless_they_say_otherwise() {
        Job first = insert(NewJob.of("report", Map.of("month", 5)).at(clock.instant()));
        jobs.change(first.id(), "state = 'available', queue = 'reports', priority = 3");

        Job changed = insert(NewJob.of("report", Map.of("month", 5)).priority(7));
        assertThat(changed.priority()).isEqualTo(7);
        assertThat(insert(NewJob.of("report", Map.of("month", 5)).priority(1).replace(Replace.of()))
                        .priority())
                .isEqualTo(7);
    }

    @Test
    void a_job_found_available_is_announced_in_the_queue_it_is_in_now() {
        Unique byArgs = Unique.forever().fields(Unique.Field.ARGS);
        insert(NewJob.of("w", Map.of("n", 1)).queue("old").unique(byArgs));
        insert(NewJob.of("w", Map.of("n", 1)).queue("new").unique(byArgs));
        insert(NewJob.of("w", Map.of("n", 1))
                .queue("new")
                .unique(byArgs)
                .replace(Replace.when(JobState.AVAILABLE, Replace.Field.QUEUE)));

        assertThat(node.announced).containsExactly("old", "old", "new");
    }

    @Test
    void a_job_found_in_another_state_is_not_announced() {
        insert(NewJob.of("w").in(Duration.ofMinutes(1)).unique(Unique.forever()));
        insert(NewJob.of("w").unique(Unique.forever()));

        assertThat(node.announced).isEmpty();
    }

    @Test
    void a_senseless_rule_is_told_and_nothing_inserted() {
        assertThatThrownBy(() -> insert(NewJob.of("report").unique(Unique.within(Duration.ZERO))))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("invalid job: unique period must be > 0, was PT0S");
        assertThat(jobs.count("true")).isZero();
    }

    private Job insert(NewJob job) {
        return node.inserter.insert(job);
    }
}
