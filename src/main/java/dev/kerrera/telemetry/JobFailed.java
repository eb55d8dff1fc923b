package dev.kerrera.telemetry;

import dev.kerrera.job.Job;
import dev.kerrera.job.JobState;
import java.time.Duration;

/**
 * A job failed; Oban's {@code job:exception}.
 *
 * @param job the job as it was fetched
 * @param state {@link JobState#RETRYABLE}, or {@link JobState#DISCARDED} after the last attempt
 * @param error what was recorded in the job's errors
 * @param duration how long the worker ran
 * @param queueTime how long the job waited between being due and being fetched, never negative
 */
public record JobFailed(Job job, JobState state, String error, Duration duration, Duration queueTime)
        implements KerreraEvent {}
