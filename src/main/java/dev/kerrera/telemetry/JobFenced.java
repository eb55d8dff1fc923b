package dev.kerrera.telemetry;

import dev.kerrera.job.Job;
import dev.kerrera.job.JobState;

/**
 * A run ended whose job no longer belonged to it: the row was rescued, cancelled or given to another owner meanwhile. The
 * result was not written.
 *
 * @param job the job as this run fetched it
 * @param state the state this run would have given it
 */
public record JobFenced(Job job, JobState state) implements KerreraEvent {}
