package dev.kerrera.worker;

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

    @Override
    public void close() {
        end.run();
    }
}
