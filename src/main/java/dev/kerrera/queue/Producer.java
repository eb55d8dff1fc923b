package dev.kerrera.queue;

import dev.kerrera.config.QueueSettings;
import dev.kerrera.engine.Owner;
import dev.kerrera.job.Job;
import dev.kerrera.task.Nudge;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Runs the jobs of one queue on this node: as many as there is room for, taken when somebody says there are some. Oban's
 * <em>producer</em>.
 */
final class Producer implements JobRun.Slot {

    private static final System.Logger LOG = System.getLogger(Producer.class.getName());

    /** A fetch whose connection broke may still be committed by the server for this long. */
    private static final Duration LATE_COMMIT = Duration.ofMinutes(1);

    private static final long MILLISECOND = 1_000_000;

    private final QueueSettings queue;
    private final Owner owner;
    private final Instant startedAt;
    private final Intake intake;
    private final Runs runs;
    private final Executor executor;
    private final Nudge dispatch;
    private final Set<JobRun> running = ConcurrentHashMap.newKeySet(); // its monitor tells when one has left
    private final Set<JobRun> abandoned = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock(); // held while jobs are taken
    private volatile boolean stopping;
    private volatile boolean leftBehind;
    private long suspectUntil = System.nanoTime(); // guarded by lock

    Producer(QueueSettings queue, Owner owner, Instant startedAt, Intake intake, Runs runs, Executor executor) {
        this.queue = queue;
        this.owner = owner;
        this.startedAt = startedAt;
        this.intake = intake;
        this.runs = runs;
        this.executor = executor;
        this.dispatch = new Nudge(this::dispatch, executor);
    }

    /** There may be work. */
    void wake() {
        if (hasRoom() || leftBehind) {
            dispatch.nudge();
        }
    }

    boolean hasRoom() {
        return !stopping && running.size() < queue.limit();
    }

    QueueStatus status() {
        return new QueueStatus(
                queue.name(),
                owner.node(),
                owner.producer(),
                queue.limit(),
                ids(running),
                ids(abandoned),
                startedAt,
                stopping);
    }

    /** Whether jobs may have been taken that nobody runs. */
    boolean hasLeftBehind() {
        return leftBehind;
    }

    /** Whether it has been closed, and takes none any more either by a fetch that was under way. */
    boolean isClosed() {
        if (!stopping || leftBehind || !lock.tryLock()) {
            return false;
        }
        lock.unlock();
        return true;
    }

    /** Takes no more jobs. When this returns none is being taken, unless a fetch hangs for longer than given. */
    void close(Duration most) throws InterruptedException {
        stopping = true;
        if (lock.tryLock(most.toMillis(), TimeUnit.MILLISECONDS)) {
            try {
                reclaim();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits until no job is being taken and none runs, but no longer than given; returns whether it is so. */
    boolean awaitIdle(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        if (!lock.tryLock(most.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        lock.unlock();
        synchronized (running) {
            long left = end - System.nanoTime();
            while (!running.isEmpty() && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(running, Math.max(left, MILLISECOND));
                left = end - System.nanoTime();
            }
            return running.isEmpty();
        }
    }

    void interruptRunning() {
        running.forEach(JobRun::stop);
        abandoned.forEach(JobRun::stop);
    }

    /** The runs that hold a place here. */
    Stream<JobRun> running() {
        return running.stream();
    }

    private void dispatch() {
        lock.lock();
        try {
            reclaim();
            if (hasRoom()) {
                fetch(queue.limit() - running.size()).forEach(this::start);
                reclaim();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A fetch may take jobs and fail to say so, or they get no thread; they carry this producer's name and nobody runs them. */
    private void reclaim() {
        if (leftBehind) {
            intake.reclaim(queue.name(), owner, ids(running));
            leftBehind = System.nanoTime() - suspectUntil < 0;
        }
    }

    private List<Job> fetch(int demand) {
        try {
            return intake.take(queue.name(), owner, demand);
        } catch (RuntimeException | Error failure) {
            suspectUntil = System.nanoTime() + LATE_COMMIT.toNanos();
            leftBehind = true;
            throw failure;
        }
    }

    private void start(Job job) {
        JobRun run = new JobRun(job, intake.worker(job), owner, runs, this);
        running.add(run);
        if (stopping || !handOver(run)) {
            running.remove(run);
            leftBehind = true;
        }
    }

    private boolean handOver(JobRun run) {
        try {
            executor.execute(run);
            return true;
        } catch (RuntimeException | Error refused) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Job %d got no thread and goes back to queue %s".formatted(run.id(), queue.name()),
                    refused);
            return false;
        }
    }

    private static List<Long> ids(Collection<JobRun> runs) {
        return runs.stream().map(JobRun::id).distinct().sorted().toList();
    }

    @Override
    public void broken(JobRun run) {
        leftBehind = true;
    }

    @Override
    public void ended(JobRun run) {
        synchronized (running) {
            running.remove(run);
            abandoned.remove(run);
            running.notifyAll();
        }
        wake();
    }

    /** A queue is not stopped by a worker that hangs; but it lends only as many threads beyond its limit as it has within. */
    @Override
    public void abandoned(JobRun run) {
        synchronized (running) {
            if (abandoned.size() >= queue.limit()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Job %d keeps its place in queue %s until it ends, because %d others go on after their end as well"
                                .formatted(run.id(), queue.name(), abandoned.size()));
            } else if (running.remove(run)) {
                abandoned.add(run);
                running.notifyAll();
            }
        }
        wake();
    }
}
