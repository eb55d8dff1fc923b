package dev.kerrera.worker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a worker's jobs are run.
 *
 * @param timeout how long a run may take; null for as long as it likes
 * @param transactional whether the job is completed in the transaction of the worker's own writes
 */
public record Execution(@Nullable Duration timeout, boolean transactional) {

    /** Without a limit and without a transaction. */
    public static final Execution PLAIN = new Execution(null, false);
}
