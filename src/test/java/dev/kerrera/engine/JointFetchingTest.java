package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.Job;
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

@ExtendWith(PooledSchema.class)
class JointFetchingTest {

    private static final Demand TWO_OF_A = new Demand("a", new Owner("here", new UUID(0, 1)), 2);
    private static final Demand FIVE_OF_B = new Demand("b", new Owner("here", new UUID(0, 2)), 5);
    private static final Demand ONE_OF_C = new Demand("c", new Owner("here", new UUID(0, 3)), 1);

    private final RawJobs jobs;
    private final JointFetching fetching;

    JointFetchingTest(TestSchema schema) {
        jobs = new RawJobs(schema);
        fetching = new JointFetching(
                new Jdbc(schema.dataSource(), Transactions.none()),
                new Prefix(schema.name()),
                new SettableClock("2026-01-01T12:00:00.000000Z"));
    }

    private long add(String queue, String worker, int priority) {
        return jobs.add("(queue, worker, priority) VALUES ('%s', '%s', %d)".formatted(queue, worker, priority));
    }

    private static List<Long> ids(Map<String, List<Job>> taken, String queue) {
        return taken.getOrDefault(queue, List.of()).stream().map(Job::id).toList();
    }

    @Test
    void gives_each_queue_as_many_as_it_wants_the_most_urgent_first() {
        long late = add("a", "W", 3);
        long second = add("a", "W", 1);
        long first = add("a", "W", 0);
        long only = add("b", "W", 0);
        long unknown = add("b", "Unknown", 0);
        long unasked = add("d", "W", 0);

        Map<String, List<Job>> taken = fetching.fetch(List.of(TWO_OF_A, FIVE_OF_B, ONE_OF_C), Set.of("W"));

        assertThat(ids(taken, "a")).containsExactly(first, second);
        assertThat(ids(taken, "b")).containsExactly(only);
        assertThat(taken).doesNotContainKey("c");
        assertThat(List.of(jobs.state(late), jobs.state(unknown), jobs.state(unasked)))
                .containsOnly("available");
    }

    @Test
    void passes_over_what_stands_before_the_place_of_each_queue() {
        add("a", "W", 0);
        long second = add("a", "W", 1);
        long only = add("b", "W", 0);
        Position first = Position.of(fetching.fetch(List.of(new Demand("a", TWO_OF_A.owner(), 1)), Set.of("W"))
                .get("a")
                .get(0));
        add("a", "W", 0);
        jobs.run(
                "UPDATE ${schema}.oban_jobs SET scheduled_at = '2020-01-01' WHERE state = 'available' AND priority = 0 AND queue = 'a'");

        Map<String, List<Job>> taken =
                fetching.fetch(List.of(new Demand("a", TWO_OF_A.owner(), 2, first), FIVE_OF_B), Set.of("W"));

        assertThat(ids(taken, "a")).containsExactly(second);
        assertThat(ids(taken, "b")).containsExactly(only);
    }

    @Test
    void each_job_carries_the_name_of_its_queues_producer_and_what_the_row_says() {
        long a = add("a", "W", 0);
        long b = add("b", "W", 0);

        Map<String, List<Job>> taken = fetching.fetch(List.of(TWO_OF_A, FIVE_OF_B), Set.of("W"));

        Job job = taken.get("b").get(0);
        assertThat(job.id()).isEqualTo(b);
        assertThat(job.state()).isEqualTo(JobState.EXECUTING);
        assertThat(job.attempt()).isEqualTo(1);
        assertThat(job.attemptedBy()).isEqualTo(FIVE_OF_B.owner().attemptedBy());
        assertThat(jobs.row(b))
                .containsEntry("state", "executing")
                .containsEntry("attempted_by", "{here,00000000-0000-0000-0000-000000000002}");
        assertThat(jobs.row(a)).containsEntry("attempted_by", "{here,00000000-0000-0000-0000-000000000001}");
    }
}
