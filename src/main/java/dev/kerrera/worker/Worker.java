package dev.kerrera.worker;

/**
 * Does the work of one kind of job; Oban's {@code Oban.Worker}.
 *
 * <p>Implement it in a class annotated with {@link Work}, and every job that carries the worker's name is run by it:
 *
 * <pre>{@code
 * @Work(queue = "mail")
 * public class SendReceipt implements Worker<Receipt> {
 *     @Inject Mailer mailer;
 *
 *     public Outcome perform(Receipt receipt, JobContext job) {
 *         mailer.send(receipt);
 *         return Outcome.ok();
 *     }
 * }
 * }</pre>
 *
 * <p>A worker is a CDI bean with injection, interceptors and decorators. Without a scope of its own a new bean serves each
 * run; a bean of a wider scope is shared by jobs that run at the same time and must be thread-safe. While it runs the request
 * scope is active, the application's {@code java:comp} names resolve, and no transaction is open: begin one, or annotate
 * {@link #perform} with {@code @Transactional}. A transaction left open at the end is rolled back and fails the attempt.
 *
 * <p>A job runs <em>at least</em> once: a node that dies takes the record of what its jobs did with it, so work must bear
 * repetition.
 *
 * @param <A> what the args are read as: a record or class that JSON-B can read, {@code JsonObject}, or
 *     {@code Map<String, Object>}
 */
@FunctionalInterface
public interface Worker<A> {

    /**
     * Runs one job.
     *
     * @param args the job's args, decoded
     * @param job what is known of this run
     * @return how it ended; see {@link Outcome}
     * @throws Exception when the attempt failed, which counts as {@link Outcome#error} and keeps the stack trace
     */
    Outcome perform(A args, JobContext job) throws Exception;
}
