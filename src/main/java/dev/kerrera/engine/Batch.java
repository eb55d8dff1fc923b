package dev.kerrera.engine;

import java.util.Collection;
import java.util.List;

/**
 * What one statement does to many jobs, and the same for some of them: a job whose row cannot be changed makes the statement fail
 * for all.
 *
 * @param <R> what is told of the jobs that were changed
 */
public interface Batch<R> {

    /** Does it to all jobs that it is for, but these. */
    R run(Collection<Long> except);

    /** The ids of the jobs to which the same call would do it. */
    List<Long> find(Collection<Long> except);

    /** Does it to those of the given jobs that it is for. */
    R runFor(Collection<Long> ids);
}
