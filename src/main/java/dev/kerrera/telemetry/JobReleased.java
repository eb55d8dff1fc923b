package dev.kerrera.telemetry;

import dev.kerrera.job.Job;

/**
 * A job that was interrupted because its queue stopped is available again; the run did not use up an attempt.
 *
 * @param job the job as it was fetched
 */
public record JobReleased(Job job) implements KerreraEvent {}
