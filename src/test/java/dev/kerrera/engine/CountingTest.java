package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.Counting.Count;
import dev.kerrera.job.JobState;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PooledSchema.class)
class CountingTest {

    private final RawJobs jobs;
    private final Counting counting;

    CountingTest(TestSchema schema) {
        this.jobs = new RawJobs(schema);
        this.counting = new Counting(new Jdbc(schema.dataSource(), Transactions.none()), new Prefix(schema.name()));
    }

    @Test
    void jobs_are_counted_by_state_and_queue() {
        assertThat(counting.byStateAndQueue()).isEmpty();

        jobs.add("(worker, queue, state) VALUES ('A', 'mail', 'available')");
        jobs.add("(worker, queue, state) VALUES ('B', 'mail', 'available')");
        jobs.add("(worker, queue, state) VALUES ('A', 'push', 'available')");
        jobs.add("(worker, queue, state, completed_at) VALUES ('A', 'mail', 'completed', now())");

        assertThat(counting.byStateAndQueue())
                .containsExactlyInAnyOrder(
                        new Count(JobState.AVAILABLE, "mail", 2),
                        new Count(JobState.AVAILABLE, "push", 1),
                        new Count(JobState.COMPLETED, "mail", 1));
    }
}
