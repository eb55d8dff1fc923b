package dev.kerrera.queue;

import dev.kerrera.config.QueueSettings;
import dev.kerrera.engine.Fetching;
import dev.kerrera.engine.Owner;
import dev.kerrera.engine.Settlement;
import dev.kerrera.job.Job;
import dev.kerrera.task.Nudge;
import dev.kerrera.worker.WorkerDefinition;
import dev.kerrera.worker.WorkerRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs the jobs of one queue on this node: as many as there is room for, taken when somebody says there are some. Oban's
 * <em>producer</em>.
 */
final class Producer {

    private final QueueSettings queue;
    private final Owner owner;
    private final Instant startedAt;
    private final Fetching fetching;
    private final WorkerRegistry workers;
    private final Runs runs;
    private final Executor executor;
    private final Nudge dispatch;
    private final Map<Long, JobRun> running = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private volatile boolean stopping;
    private volatile boolean answerLost;

    Producer(
            QueueSettings queue,
            Owner owner,
            Instant startedAt,
            Fetching fetching,
            WorkerRegistry workers,
            Runs runs,
            Executor executor) {
        this.queue = queue;
        this.owner = owner;
        this.startedAt = startedAt;
        this.fetching = fetching;
        this.workers = workers;
        this.runs = runs;
        this.executor = executor;
        this.dispatch = new Nudge(this::dispatch, executor);
    }

    /** There may be work. */
    void wake() {
        if (hasRoom() || answerLost) {
            dispatch.nudge();
        }
    }

    boolean hasRoom() {
        return !stopping && running.size() < queue.limit();
    }

    QueueStatus status() {
        List<Long> ids = running.keySet().stream().sorted().toList();
        return new QueueStatus(queue.name(), owner.node(), owner.producer(), queue.limit(), ids, startedAt, stopping);
    }

    /** Whether a fetch may have taken jobs that nobody runs. */
    boolean hasLostAnswer() {
        return answerLost;
    }

    /** Takes no more jobs. When this returns none is being taken, unless a fetch hangs for longer than given. */
    void close(Duration most) throws InterruptedException {
        stopping = true;
        if (lock.tryLock(most.toMillis(), TimeUnit.MILLISECONDS)) {
            try {
                reclaimLost();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits until no job runs, but no longer than given; returns the ids of those that still do. */
    List<Long> awaitIdle(Duration most) throws InterruptedException {
        long left = most.toNanos();
        lock.lock();
        try {
            while (!running.isEmpty() && left > 0) {
                left = idle.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
        return status().running();
    }

    void interruptRunning() {
        running.values().forEach(JobRun::interrupt);
    }

    private void dispatch() {
        lock.lock();
        try {
            reclaimLost();
            if (hasRoom()) {
                fetch(queue.limit() - running.size()).forEach(this::start);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A fetch may take jobs and fail to say so; they carry this producer's name and nobody runs them. */
    private void reclaimLost() {
        if (answerLost) {
            fetching.reclaim(queue.name(), owner, running.keySet());
            answerLost = false;
        }
    }

    private List<Job> fetch(int demand) {
        answerLost = true;
        List<Job> jobs = fetching.fetch(queue.name(), owner, workers.names(), demand);
        answerLost = false;
        return jobs;
    }

    private void start(Job job) {
        WorkerDefinition worker = workers.find(job.worker()).orElseThrow();
        JobRun run = new JobRun(job, worker, owner, runs, this::ended);
        running.put(job.id(), run);
        try {
            executor.execute(run);
        } catch (RejectedExecutionException stopped) {
            running.remove(job.id());
            runs.settle(job, owner, new Settlement.Release(), new CountDownLatch(0));
        }
    }

    private void ended(long id) {
        running.remove(id);
        lock.lock();
        try {
            idle.signalAll();
        } finally {
            lock.unlock();
        }
        wake();
    }
}
