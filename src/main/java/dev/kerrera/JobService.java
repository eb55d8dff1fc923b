package dev.kerrera;

import dev.kerrera.job.BulkResult;
import dev.kerrera.job.InvalidJobException;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobChanges;
import dev.kerrera.job.JobFilter;
import dev.kerrera.job.JobPage;
import dev.kerrera.job.JobQuery;
import dev.kerrera.job.NewJob;
import dev.kerrera.notifier.Notification;
import dev.kerrera.notifier.Subscription;
import dev.kerrera.worker.Worker;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Kerrera's front door: puts jobs in, finds and changes them, controls queues, and publishes messages; Oban's {@code Oban} module.
 *
 * <p>Inject it into any CDI bean or EJB:
 *
 * <pre>{@code
 * @Stateless
 * public class OrderDesk {
 *     @PersistenceContext(unitName = "orders") EntityManager em;
 *     @Inject JobService jobs;
 *
 *     public void place(Order order) {
 *         em.persist(order);
 *         jobs.insert(SendReceipt.class, new Receipt(order.id()));
 *     }
 * }
 * }</pre>
 *
 * <p>Everything joins the JTA transaction of the caller: the order and its job are stored together or not at all, and queues hear
 * of the job only once it is committed. Without a transaction each call commits by itself; inserts of that kind that come at the same
 * time share a statement, and each returns when its own job is committed. Thread-safe. Not to be implemented by applications: it
 * gains verbs with every release.
 */
public interface JobService extends QueueService {

    /**
     * Inserts a job.
     *
     * <p>When the job or its worker has a rule of uniqueness and a stored job is the same, that one is returned instead, {@linkplain
     * Job#isConflict marked}, and changed where {@link NewJob#replace} says so. Until the end of the transaction others that
     * insert the same job wait. A transaction that inserts several unique jobs holds the locks of all of them: insert them
     * together by {@link #insertAll(Collection)}, or always in the same order, or two transactions may wait for each other until
     * the database fails one of them.
     *
     * @param job the job; what it leaves open is taken from its worker where this application has it
     * @return the job as it is stored, with its id
     * @throws InvalidJobException when it cannot be stored as it is, naming every mistake; nothing was inserted
     * @throws IllegalStateException when the job is unique and the transaction's isolation level is above read committed, so that
     *     it cannot see what others have inserted; nothing was inserted
     */
    Job insert(NewJob job);

    /**
     * Inserts a job for a worker of this application.
     *
     * @param worker class of the worker
     * @param args what the worker is given, written by JSON-B
     * @return the job as it is stored, with its id
     * @throws InvalidJobException when it cannot be stored as it is, naming every mistake; nothing was inserted
     * @throws IllegalArgumentException when the class is not a worker of this application
     */
    default <A> Job insert(Class<? extends Worker<A>> worker, A args) {
        return insert(worker, args, UnaryOperator.identity());
    }

    /**
     * Inserts a job for a worker of this application with options, as in
     * {@code insert(SendReceipt.class, receipt, job -> job.in(Duration.ofMinutes(5)))}.
     *
     * @param worker class of the worker
     * @param args what the worker is given, written by JSON-B
     * @param options sets what differs from the worker's defaults
     * @return the job as it is stored, with its id
     * @throws InvalidJobException when it cannot be stored as it is, naming every mistake; nothing was inserted
     * @throws IllegalArgumentException when the class is not a worker of this application
     */
    <A> Job insert(Class<? extends Worker<A>> worker, A args, UnaryOperator<NewJob> options);

    /**
     * Cancels a job that has not ended; Oban's {@code Oban.cancel_job}. If it is running its thread is interrupted, on whatever
     * node that is, once the cancellation is committed; whatever its worker makes of it, the job stays cancelled.
     *
     * @return false when there is no such job or it was completed, cancelled or discarded already
     */
    boolean cancel(long id);

    /**
     * Cancels every job that matches and has not ended, as {@link #cancel}; Oban's {@code Oban.cancel_all_jobs}.
     *
     * @return how many were cancelled
     */
    long cancelAll(JobFilter filter);

    /**
     * Makes a job available at once, whatever became of it; Oban's {@code Oban.retry_job}. It keeps its errors and the attempts it
     * has used, and is given one more where none is left. Its queue hears of it at once; Oban waits for its stager.
     *
     * @return false when there is no such job, or it is available or executing
     */
    boolean retry(long id);

    /**
     * Makes every job available that matches and neither is nor executes, as {@link #retry}; Oban's {@code Oban.retry_all_jobs}.
     *
     * @return how many were made available
     */
    long retryAll(JobFilter filter);

    /**
     * Deletes a job; Oban's {@code Oban.delete_job}.
     *
     * @return false when there is no such job or it is executing
     */
    boolean delete(long id);

    /**
     * Deletes every job that matches and is not executing; Oban's {@code Oban.delete_all_jobs}.
     *
     * @return how many were deleted
     */
    long deleteAll(JobFilter filter);

    /**
     * Changes a job, whatever its state; Oban's {@code Oban.update_job}. Waits for a transaction that holds the job, where Oban
     * gives up.
     *
     * @return the job as it is stored now; empty when there is no such job
     * @throws InvalidJobException when it cannot be stored so, naming every mistake; nothing was changed
     * @throws IllegalArgumentException when nothing is to change
     */
    Optional<Job> update(long id, JobChanges changes);

    /**
     * Changes a job by what it is, as in {@code update(id, job -> JobChanges.none().priority(job.priority() - 1))}. Nobody else
     * changes the job between the look and the change, because its row is locked meanwhile, so the function should be quick.
     *
     * @param changes from the job as it is to what is to change; {@link JobChanges#none} leaves it as it is
     * @return the job as it is stored now; empty when there is no such job
     * @throws InvalidJobException when it cannot be stored so, naming every mistake; nothing was changed
     */
    Optional<Job> update(long id, Function<? super Job, JobChanges> changes);

    /**
     * Changes every job that matches, whatever its state.
     *
     * @return how many were changed
     * @throws InvalidJobException when they cannot be stored so, naming every mistake; nothing was changed
     * @throws IllegalArgumentException when nothing is to change
     */
    long updateAll(JobFilter filter, JobChanges changes);

    /** A job as it is stored, with what the caller's transaction has changed; empty when there is no such job. */
    Optional<Job> find(long id);

    /** A page of the jobs that match, in the order of the query; Oban's {@code Oban.all_jobs}. */
    JobPage find(JobQuery query);

    /** How many jobs match. It counts row by row, so a table of millions takes its time. */
    long count(JobFilter filter);

    /**
     * Inserts jobs, all of them or none, by a few statements and with one wake-up for each queue; Oban's {@code insert_all},
     * except that rules of uniqueness hold here too, also among the jobs themselves. All are inserted at one moment, from which
     * {@link NewJob#in} and {@link dev.kerrera.job.Unique#within} count.
     *
     * <p>More than 1,000 unique jobs at once keep all unique inserts of their workers waiting until the transaction ends.
     *
     * @param jobs the jobs, in the order of the ids they get; may be empty
     * @return how many were inserted, and how many were there already
     * @throws InvalidJobException when one of them cannot be stored as it is, naming its position and every mistake; nothing was
     *     inserted
     * @throws IllegalStateException as {@link #insert(NewJob)}; nothing was inserted, or the transaction can only roll back
     */
    BulkResult insertAll(Collection<NewJob> jobs);

    /**
     * Inserts jobs as {@link #insertAll(Collection)}, and tells their ids.
     *
     * @param jobs the jobs, in the order of the ids they get; may be empty
     * @param ids is given the id of each job in the order of the jobs: for one that was there already, the id of the stored job.
     *     Called during the insert, so the ids are good only once the transaction has committed; what it throws ends the insert
     * @return how many were inserted, and how many were there already
     */
    BulkResult insertAll(Collection<NewJob> jobs, LongConsumer ids);

    /**
     * Inserts jobs as they come, all of them or none, otherwise as {@link #insertAll(Collection)}. Only two thousand or so are held
     * in memory, so there may be millions. The stream is read in order on the calling thread, inside the transaction, and closed
     * in any case. Of a stream of more than 2,000 jobs any unique one keeps the unique inserts of its worker waiting.
     *
     * @param jobs the jobs, in the order of the ids they get; may be empty
     * @return how many were inserted, and how many were there already
     * @throws InvalidJobException when one of them cannot be stored as it is, naming its position and every mistake. Those before
     *     it may have been written by then: the caller's transaction is marked so that it can only roll back, and without one
     *     nothing was inserted. The same holds for whatever the stream itself throws
     */
    BulkResult insertAll(Stream<NewJob> jobs);

    /**
     * Inserts jobs as {@link #insertAll(Stream)}, and tells their ids as {@link #insertAll(Collection, LongConsumer)}.
     *
     * @param jobs the jobs, in the order of the ids they get; may be empty
     * @param ids is given the id of each job in the order of the jobs
     * @return how many were inserted, and how many were there already
     */
    BulkResult insertAll(Stream<NewJob> jobs, LongConsumer ids);

    /**
     * Inserts jobs as they come, in batches of some 2,000 that commit each by itself: the first jobs run while the last are still
     * to be read, and no transaction stays open for as long as it takes. For imports of any length; where all or none must be
     * inserted, {@link #insertAll(Stream)} is the verb. The stream is read in order on the calling thread, and closed in any case.
     *
     * <p>Two batches are written at a time, on connections of the pool and threads of Kerrera's, so ids follow the order of the
     * stream only within a batch. Rules of uniqueness hold among all of them; with one, an import that has failed can be repeated. A
     * batch of more than 1,000 unique jobs keeps other unique inserts of their workers waiting, those of the next batch too.
     *
     * @param jobs the jobs; may be empty
     * @return how many were inserted, and how many were there already
     * @throws InvalidJobException when one of them cannot be stored as it is, naming its position and every mistake; those before
     *     it are inserted, none after it. The same holds for whatever the stream itself throws
     * @throws java.util.concurrent.CancellationException when the thread was interrupted; those read so far are inserted
     * @throws IllegalStateException when the caller is in a transaction; nothing was inserted
     * @throws RuntimeException when the database fails: of the last three batches that were read each may be missing as a whole,
     *     and those before them are inserted. It is thrown also where the stream has failed, which is told as suppressed
     */
    BulkResult insertInBatches(Stream<NewJob> jobs);

    /**
     * Publishes a message to all nodes, this one included, where observers of the channel hear it; Oban's
     * {@code Oban.Notifier.notify}. It goes out once the caller's transaction has committed, and never when it rolls back.
     *
     * @param channel name of the channel, such as {@code gossip}
     * @param payload the message; must be writable as a JSON object of less than 8,000 bytes after compression
     * @throws IllegalArgumentException when the message is too large, is no JSON object, or the channel's name too long
     */
    void publish(String channel, Map<String, ?> payload);

    /**
     * Publishes several messages in their order, as {@link #publish(String, Map)}: all of them or none. Oban's
     * {@code Oban.Notifier.notify} with a list.
     *
     * @param channel name of the channel, such as {@code gossip}
     * @param payloads the messages; none sends nothing
     * @throws IllegalArgumentException when one of the messages is too large, is no JSON object, or the channel's name too long
     */
    void publish(String channel, Collection<? extends Map<String, ?>> payloads);

    /**
     * Hears the messages of a channel from now on until the subscription is closed, or the node stops; Oban's
     * {@code Oban.Notifier.listen}. Observers of {@link dev.kerrera.notifier.OnChannel} are the simpler choice for channels that
     * are known when the application is written.
     *
     * <p>Returns when the server has confirmed that it sends what is published on the channel. Without a connection it returns at
     * once, and the channel is heard as soon as there is one, again after each loss; what was published meanwhile is not heard. It
     * is not part of the caller's transaction. With {@code kerrera.notifier.mode=poll} only what this node publishes is heard.
     *
     * @param channel name of the channel without prefix
     * @param listener called with one message after another on a thread of Kerrera's, with the request scope active, like an
     *     observer: while it is busy no other listener and no observer hears anything, and what it throws is logged. Set twice on a
     *     channel it still hears each message once
     * @throws IllegalArgumentException when the channel's name is blank or too long
     */
    Subscription listen(String channel, Consumer<? super Notification> listener);
}
