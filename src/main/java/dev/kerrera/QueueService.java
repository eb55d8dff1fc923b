package dev.kerrera;

import dev.kerrera.queue.QueueScope;
import dev.kerrera.queue.QueueStart;
import dev.kerrera.queue.QueueStatus;
import java.util.List;
import java.util.Optional;

/**
 * The part of the {@link JobService} that controls queues; inject that one.
 *
 * <p>Orders are signals as Oban's, heard by every node that listens, in whatever language. They are given once the caller's
 * transaction has committed, and never when it rolls back; nobody confirms them. One that is {@linkplain QueueScope#lasting lasting}
 * is stored in that transaction, so that it reaches nodes that hear nothing or start later. Thread-safe.
 */
public interface QueueService {

    /**
     * Has a queue take no more jobs on any node, until it is resumed; Oban's {@code Oban.pause_queue}. Jobs that run go on to their
     * end. Like every order to queues it is given once the caller's transaction has committed, and never when it rolls back.
     *
     * @throws IllegalArgumentException when no queue can have that name
     */
    default void pauseQueue(String queue) {
        pauseQueue(queue, QueueScope.everywhere());
    }

    /**
     * Has a queue take no more jobs on the nodes that are meant, until it is resumed, or with {@link QueueScope#lasting} beyond
     * restarts.
     *
     * @throws IllegalArgumentException when no queue can have that name, or it is to be paused on this node and does not run here
     */
    void pauseQueue(String queue, QueueScope scope);

    /** Has all queues take no more jobs on any node, until they are resumed; Oban's {@code Oban.pause_all_queues}. */
    default void pauseAllQueues() {
        pauseAllQueues(QueueScope.everywhere());
    }

    /** Has all queues take no more jobs on the nodes that are meant, until they are resumed. */
    void pauseAllQueues(QueueScope scope);

    /**
     * Has a queue take jobs again on every node; Oban's {@code Oban.resume_queue}. A lasting pause comes back at the next restart
     * unless this lasts as well: {@code resumeQueue("mail", QueueScope.everywhere().lasting())}.
     *
     * @throws IllegalArgumentException when no queue can have that name
     */
    default void resumeQueue(String queue) {
        resumeQueue(queue, QueueScope.everywhere());
    }

    /**
     * Has a queue take jobs again on the nodes that are meant.
     *
     * @throws IllegalArgumentException when no queue can have that name, or it is to be resumed on this node and does not run here
     */
    void resumeQueue(String queue, QueueScope scope);

    /** Has all queues take jobs again on every node; Oban's {@code Oban.resume_all_queues}. */
    default void resumeAllQueues() {
        resumeAllQueues(QueueScope.everywhere());
    }

    /** Has all queues take jobs again on the nodes that are meant. */
    void resumeAllQueues(QueueScope scope);

    /**
     * Has a queue run so many jobs at once on each node; Oban's {@code Oban.scale_queue}. Of more that run already, all go on to
     * their end.
     *
     * @param limit most jobs that run at once on one node, at least 1
     * @throws IllegalArgumentException when no queue can have that name or that limit
     */
    default void scaleQueue(String queue, int limit) {
        scaleQueue(queue, limit, QueueScope.everywhere());
    }

    /**
     * Has a queue run so many jobs at once on each of the nodes that are meant.
     *
     * @param limit most jobs that run at once on one node, at least 1
     * @throws IllegalArgumentException when no queue can have that name or that limit, or it is to be scaled on this node and does
     *     not run here
     */
    void scaleQueue(String queue, int limit, QueueScope scope);

    /**
     * Starts a queue on every node that does not run it, whether or not it is configured there; Oban's {@code Oban.start_queue}.
     * Where it runs already nothing changes. After its next restart a node works again what it is configured to.
     *
     * @param limit most jobs that run at once on one node, at least 1
     * @throws IllegalArgumentException when no queue can have that name or that limit
     */
    default void startQueue(String queue, int limit) {
        startQueue(queue, limit, QueueScope.everywhere());
    }

    /**
     * Starts a queue on those of the nodes that are meant which do not run it.
     *
     * @param limit most jobs that run at once on one node, at least 1
     * @throws IllegalArgumentException when no queue can have that name or that limit, or the scope is lasting
     */
    default void startQueue(String queue, int limit, QueueScope scope) {
        startQueue(QueueStart.of(queue, limit), scope);
    }

    /**
     * Starts a queue with options on those of the nodes that are meant which do not run it.
     *
     * @throws IllegalArgumentException when no queue can have that name or that limit, or the scope is lasting
     */
    void startQueue(QueueStart start, QueueScope scope);

    /**
     * Stops a queue on every node; Oban's {@code Oban.stop_queue}. It takes no more jobs, and those that run are treated as when
     * their node stops: they have {@code kerrera.shutdown-grace-period} to end, then they are interrupted and go back to their
     * queue without losing the attempt. Does not wait for any of that.
     *
     * @throws IllegalArgumentException when no queue can have that name
     */
    default void stopQueue(String queue) {
        stopQueue(queue, QueueScope.everywhere());
    }

    /**
     * Stops a queue on the nodes that are meant.
     *
     * @throws IllegalArgumentException when no queue can have that name, the scope is lasting, or the queue is to be stopped on this
     *     node and does not run here
     */
    void stopQueue(String queue, QueueScope scope);

    /**
     * A queue of this node as it is now; Oban's {@code Oban.check_queue}.
     *
     * @return empty when it does not run here
     * @throws IllegalArgumentException when no queue can have that name
     */
    Optional<QueueStatus> checkQueue(String queue);

    /** The queues of this node as they are now, by name; Oban's {@code Oban.check_all_queues}. */
    List<QueueStatus> checkAllQueues();
}
