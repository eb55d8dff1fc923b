package dev.kerrera.telemetry;

import dev.kerrera.job.Job;
import dev.kerrera.job.JobState;
import java.time.Duration;

/**
 * A job ended as its worker wished: completed, cancelled, discarded or snoozed; Oban's {@code job:stop}.
 *
 * @param job the job as it was fetched
 * @param state the state it has now
 * @param duration how long the worker ran
 * @param queueTime how long the job waited between being due and being fetched, never negative
 */
public record JobStopped(Job job, JobState state, Duration duration, Duration queueTime) implements KerreraEvent {}
