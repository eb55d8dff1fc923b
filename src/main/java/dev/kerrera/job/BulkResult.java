package dev.kerrera.job;

/**
 * What became of jobs that were inserted together.
 *
 * @param inserted how many are new in the table
 * @param conflicts how many were not inserted because of {@link Unique}: a job that is the same was there already, from before
 *     or from earlier among them
 */
public record BulkResult(long inserted, long conflicts) {

    /** How many jobs there were in all. */
    public long total() {
        return inserted + conflicts;
    }
}
