package dev.kerrera.testsupport;

import dev.kerrera.job.Job;
import dev.kerrera.job.JobRow;
import dev.kerrera.job.JobState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job that executes, as if it had been read from a row.
 *
 * @param time when it was inserted and is to run
 */
public record SampleJob(
        long id,
        String queue,
        String worker,
        int attempt,
        Instant time,
        @Nullable Instant attemptedAt,
        int priority,
        @Nullable String metaJson) {

    /** In its first attempt of three, which begins at once. */
    public static SampleJob at(Instant time) {
        return new SampleJob(7, "default", "W", 1, time, time, 0, "{}");
    }

    public SampleJob id(long other) {
        return new SampleJob(other, queue, worker, attempt, time, attemptedAt, priority, metaJson);
    }

    public SampleJob of(String otherQueue, String otherWorker) {
        return new SampleJob(id, otherQueue, otherWorker, attempt, time, attemptedAt, priority, metaJson);
    }

    public SampleJob attempted(int number, @Nullable Instant at) {
        return new SampleJob(id, queue, worker, number, time, at, priority, metaJson);
    }

    public SampleJob priority(int other) {
        return new SampleJob(id, queue, worker, attempt, time, attemptedAt, other, metaJson);
    }

    public SampleJob meta(@Nullable String json) {
        return new SampleJob(id, queue, worker, attempt, time, attemptedAt, priority, json);
    }

    public Job job() {
        return Job.of(new JobRow(
                id,
                JobState.EXECUTING,
                queue,
                worker,
                "{}",
                null,
                attempt,
                3,
                time,
                time,
                attemptedAt,
                null,
                null,
                null,
                priority,
                null,
                metaJson,
                null));
    }
}
