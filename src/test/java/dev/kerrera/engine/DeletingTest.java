package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.JobFilter;
import dev.kerrera.job.JobState;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(PooledSchema.class)
class DeletingTest {

    private final TestSchema schema;
    private final RawJobs jobs;
    private final Deleting deleting;

    DeletingTest(TestSchema schema) {
        this.schema = schema;
        this.jobs = new RawJobs(schema);
        this.deleting = new Deleting(new Jdbc(schema.dataSource(), Transactions.none()), new Prefix(schema.name()));
    }

    @ParameterizedTest
    @EnumSource(value = JobState.class, mode = EnumSource.Mode.EXCLUDE, names = "EXECUTING")
    void a_job_that_does_not_execute_is_removed(JobState state) {
        long id = FullRows.add(jobs, state);
        long other = FullRows.add(jobs, state);

        assertThat(delete(id)).isEqualTo(1);

        assertThat(jobs.row(id)).isEmpty();
        assertThat(jobs.row(other)).isNotEmpty();
    }

    @Test
    void a_job_that_executes_is_left_alone() {
        long id = FullRows.add(jobs, JobState.EXECUTING);
        Map<String, String> before = jobs.row(id);

        assertThat(delete(id)).isZero();

        assertThat(jobs.row(id)).isEqualTo(before);
    }

    @Test
    void without_a_condition_only_what_executes_remains() {
        for (JobState state : JobState.values()) {
            FullRows.add(jobs, state);
        }

        assertThat(deleting.delete(JobFilter.all())).isEqualTo(7);
        assertThat(jobs.count("true")).isEqualTo(1);
        assertThat(deleting.delete(JobFilter.all())).isZero();
    }

    @Test
    void a_job_that_began_while_it_waited_for_the_row_is_left_alone() throws Exception {
        long id = FullRows.add(jobs, JobState.AVAILABLE);

        long deleted = HeldRow.changedWhile(
                schema, "UPDATE ${schema}.oban_jobs SET state = 'executing' WHERE id = " + id, () -> delete(id));

        assertThat(deleted).isZero();
        assertThat(jobs.state(id)).isEqualTo("executing");
    }

    @Test
    void a_job_that_was_changed_while_it_waited_for_the_row_is_removed_if_it_still_matches() throws Exception {
        long id = FullRows.add(jobs, JobState.SCHEDULED);

        long deleted = HeldRow.changedWhile(
                schema, "UPDATE ${schema}.oban_jobs SET state = 'available' WHERE id = " + id, () -> delete(id));

        assertThat(deleted).isEqualTo(1);
        assertThat(jobs.row(id)).isEmpty();
    }

    private long delete(long id) {
        return deleting.delete(JobFilter.all().ids(id));
    }
}
