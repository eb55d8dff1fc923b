package dev.kerrera.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.job.Job;
import dev.kerrera.testsupport.SampleJob;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobContextTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00.000123Z");

    @Test
    void one_for_a_unit_test_knows_the_job() {
        JobContext context = JobContext.of(job(2, NOW));

        assertThat(context.job().id()).isEqualTo(7);
        assertThat(context.id()).isEqualTo(7);
        assertThat(context.attempt()).isEqualTo(2);
        assertThat(context.lastAttempt()).isFalse();
        assertThat(context.meta()).hasToString("{\"tenant\":\"t\"}");
        assertThat(JobContext.of(job(3, NOW)).lastAttempt()).isTrue();
    }

    @Test
    void one_for_a_unit_test_has_no_deadline_and_is_never_cancelled() {
        JobContext context = JobContext.of(job(1, NOW));

        assertThat(context.deadline()).isEmpty();
        assertThat(context.isCancelled()).isFalse();
        assertThat(context.shouldStop()).isFalse();
        context.progress(1, 4);
        context.progress(5, 4, "nobody watches");
    }

    @Test
    void the_fencing_token_counts_microseconds() {
        assertThat(JobContext.of(job(1, NOW)).fencingToken()).isEqualTo(1_767_268_800_000_123L);
        assertThat(JobContext.of(job(1, NOW.plusNanos(1_000))).fencingToken()).isEqualTo(1_767_268_800_000_124L);
        assertThat(JobContext.of(job(0, null)).fencingToken()).isZero();
    }

    private static Job job(int attempt, @Nullable Instant attemptedAt) {
        return SampleJob.at(NOW)
                .attempted(attempt, attemptedAt)
                .meta("{\"tenant\": \"t\"}")
                .job();
    }
}
