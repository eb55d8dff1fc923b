package dev.kerrera.worker;

import dev.kerrera.job.Job;

/**
 * What a worker can know of the run it is in. Immutable and thread-safe.
 *
 * @param job the job as it was fetched; its attempt counts this run
 */
public record JobContext(Job job) {

    /** The job's id, stable across its attempts. */
    public long id() {
        return job.id();
    }

    /** Which attempt this is, 1 for the first. */
    public int attempt() {
        return job.attempt();
    }

    /** Whether a failure now would discard the job. */
    public boolean lastAttempt() {
        return job.attempt() >= job.maxAttempts();
    }
}
