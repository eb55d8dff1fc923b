package dev.kerrera.job;

import java.util.List;
import java.util.Optional;

/**
 * Some of the jobs that match a query.
 *
 * @param jobs in the order of the query; unmodifiable
 * @param next where the next page begins; empty when this was the last one at the time it was read
 */
public record JobPage(List<Job> jobs, Optional<JobCursor> next) {

    /** Keeps its own copy of the jobs. */
    public JobPage {
        jobs = List.copyOf(jobs);
    }
}
