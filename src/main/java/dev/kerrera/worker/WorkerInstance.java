package dev.kerrera.worker;

import dev.kerrera.job.Job;
import java.time.Duration;
import java.util.Optional;

/**
 * A worker bean for the length of one run.
 *
 * @param worker the bean
 * @param end what frees it and everything that depends on it
 */
public record WorkerInstance(Worker<?> worker, Runnable end) implements AutoCloseable {

    /** Runs the job with args of the worker's own type. */
    @SuppressWarnings("unchecked") // the args were decoded to the type parameter the worker was declared with
    public Outcome perform(Object args, JobContext context) throws Exception {
        return ((Worker<Object>) worker).perform(args, context);
    }

    /** How long a run of the job may take, where the worker itself says so. */
    public Optional<Duration> timeout(Job job) {
        return worker.timeout(job);
    }

    /** How long the failed job waits, where the worker itself says so. */
    public Optional<Duration> backoff(Job job, Failure failure) {
        return worker.backoff(job, failure);
    }

    @Override
    public void close() {
        end.run();
    }
}
