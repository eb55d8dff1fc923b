package dev.kerrera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.job.Job;
import dev.kerrera.job.JobChanges;
import dev.kerrera.job.JobFilter;
import dev.kerrera.job.JobQuery;
import dev.kerrera.job.JobState;
import dev.kerrera.job.NewJob;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The verbs of the front door, on a node that has no workers. */
@ExtendWith(PooledSchema.class)
@Timeout(60)
class JobServiceTest {

    private static final JobFilter MAIL = JobFilter.all().queues("mail");

    private final TestSchema schema;
    private final RawJobs table;
    private WeldNode node;
    private JobService jobs;

    JobServiceTest(TestSchema schema) {
        this.schema = schema;
        this.table = new RawJobs(schema);
    }

    @BeforeEach
    void start() {
        node = new WeldNode(
                WeldNode.settings(schema.name(), WeldNode.listening(Optional.empty())), schema.dataSource());
        jobs = node.get(JobService.class);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void a_job_is_found_changed_cancelled_retried_and_deleted_by_its_id() {
        Job job = jobs.insert(NewJob.of("A").queue("mail").in(Duration.ofHours(1)));

        assertThat(jobs.find(job.id())).contains(job);
        assertThat(jobs.update(job.id(), JobChanges.none().priority(3)))
                .map(Job::priority)
                .contains(3);
        assertThat(jobs.update(job.id(), was -> JobChanges.none().priority(was.priority() + 1)))
                .map(Job::priority)
                .contains(4);
        assertThat(jobs.cancel(job.id())).isTrue();
        assertThat(table.state(job.id())).isEqualTo("cancelled");
        assertThat(jobs.cancel(job.id())).isFalse();
        assertThat(jobs.retry(job.id())).isTrue();
        assertThat(table.state(job.id())).isEqualTo("available");
        assertThat(jobs.retry(job.id())).isFalse();
        assertThat(jobs.delete(job.id())).isTrue();
        assertThat(jobs.delete(job.id())).isFalse();
        assertThat(jobs.find(job.id())).isEmpty();
        assertThat(jobs.update(job.id(), JobChanges.none().priority(3))).isEmpty();
    }

    @Test
    void jobs_are_found_counted_changed_cancelled_retried_and_deleted_by_a_filter() {
        for (int i = 0; i < 3; i++) {
            jobs.insert(NewJob.of("A").queue("mail"));
        }
        Job other = jobs.insert(NewJob.of("A").queue("post"));

        assertThat(jobs.count(JobFilter.all())).isEqualTo(4);
        assertThat(jobs.count(MAIL)).isEqualTo(3);
        assertThat(jobs.find(JobQuery.of(MAIL)).jobs()).hasSize(3).doesNotContain(other);
        assertThat(jobs.updateAll(MAIL, JobChanges.none().tags("x"))).isEqualTo(3);
        assertThat(jobs.count(JobFilter.all().tagged("x"))).isEqualTo(3);
        assertThat(jobs.cancelAll(MAIL)).isEqualTo(3);
        assertThat(jobs.count(MAIL.states(JobState.CANCELLED))).isEqualTo(3);
        assertThat(jobs.retryAll(MAIL)).isEqualTo(3);
        assertThat(jobs.count(MAIL.states(JobState.AVAILABLE))).isEqualTo(3);
        assertThat(jobs.deleteAll(MAIL)).isEqualTo(3);
        assertThat(jobs.find(JobQuery.of(JobFilter.all())).jobs()).containsExactly(other);
    }
}
