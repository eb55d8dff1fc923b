package dev.kerrera.worker;

/** When the completion of a job is written: with the worker's own writes, or after them. */
public enum Completion {
    /**
     * {@link #TRANSACTIONAL} when the worker's class or its {@code perform} carries {@code jakarta.transaction.Transactional} with
     * {@code REQUIRED} or {@code MANDATORY}, otherwise {@link #SEPARATE}.
     */
    AUTOMATIC,

    /**
     * A JTA transaction is begun before {@code perform}, and the job is completed in it: what the worker writes and the completion
     * commit together or not at all.
     */
    TRANSACTIONAL,

    /**
     * The result is written in a transaction of its own after {@code perform} has returned, also for a worker that has {@code
     * Transactional}. A node that dies between the two runs the job again.
     */
    SEPARATE
}
