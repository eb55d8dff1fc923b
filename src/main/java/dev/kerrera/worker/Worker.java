package dev.kerrera.worker;

import dev.kerrera.job.Job;
import java.time.Duration;
import java.util.Optional;

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
 * repetition. With {@link Completion#TRANSACTIONAL} what a job writes to the database happens <em>exactly</em> once.
 *
 * <p>A run is asked to end by an interrupt, when its job is cancelled, its time is up or its queue is stopped. A worker that
 * runs long should heed it, or look at {@link JobContext#shouldStop} now and then.
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

    /**
     * How long a run of this job may take; Oban's {@code timeout/1}. When the time is up the thread is interrupted, and the attempt
     * has failed unless the worker still ends well soon after. Transactions begun during the run get the same limit, in
     * whole seconds rounded up.
     *
     * @param job the job as it was fetched
     * @return a positive duration; empty, as by default, for what {@link Work#timeout} says
     */
    default Optional<Duration> timeout(Job job) {
        return Optional.empty();
    }

    /**
     * How long a failed job waits for its next attempt; Oban's {@code backoff/1}. Called after the failure, on another bean than the
     * one that ran when beans are made for each run. It should be quick: the job keeps its place meanwhile. What it throws, or a negative duration, is
     * logged, and the default used; a worker that ignored its interrupt is not asked at all.
     *
     * @param job the job as it was fetched
     * @param failure why the attempt failed
     * @return zero or longer; empty, as by default, for 15 s + 2<sup>attempt</sup> s and up to a tenth more
     */
    default Optional<Duration> backoff(Job job, Failure failure) {
        return Optional.empty();
    }
}
