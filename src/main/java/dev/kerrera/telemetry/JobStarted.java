package dev.kerrera.telemetry;

import dev.kerrera.job.Job;

/**
 * A worker is about to run a job; Oban's {@code job:start}.
 *
 * @param job the job as it was fetched
 */
public record JobStarted(Job job) implements KerreraEvent {}
