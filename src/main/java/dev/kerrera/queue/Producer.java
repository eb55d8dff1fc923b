package dev.kerrera.queue;

import dev.kerrera.engine.LastingOrder;
import dev.kerrera.job.Job;
import dev.kerrera.task.Nudge;
import java.time.Duration;
import java.util.List;
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

    /** Results that may be unwritten at least before no more jobs are taken. */
    private static final int UNWRITTEN = 1_000;

    private final ProducerMeta meta;
    private final Intake intake;
    private final Runs runs;
    private final Runners runners;
    private final Cooldown cooldown;
    private final Nudge dispatch;
    private final Gathering gathering;
    private final Fetcher fetcher; // guarded by lock, but for news
    private final Places places = new Places();
    private final ReentrantLock lock = new ReentrantLock(); // held while jobs are taken
    private volatile boolean leftBehind;
    private volatile boolean heldUp; // by results that are not written
    private long suspectUntil = System.nanoTime(); // guarded by lock

    Producer(ProducerMeta meta, Intake intake, Runs runs, Executor executor, Cooldown cooldown) {
        this.meta = meta;
        this.intake = intake;
        this.runs = runs;
        this.runners = new Runners(executor);
        this.cooldown = cooldown;
        this.dispatch = new Nudge(this::dispatch, runners, executor);
        this.gathering = new Gathering(runs.watchdog(), dispatch);
        this.fetcher = new Fetcher(meta, intake, gathering, dispatch);
    }

    String queue() {
        return meta.queue();
    }

    /** There may be work. */
    void wake() {
        fetcher.news();
        if (runners.areLate()) {
            runners.callOneMore();
        }
        if (leftBehind || (hasRoom() && gathering.isWorth(room(), meta.limit()))) {
            cooldown.pass(dispatch);
        }
    }

    boolean hasRoom() {
        return meta.isOpen() && room() > 0;
    }

    /** For how many jobs. Results that the table does not know yet may be no more than a crash is allowed to have repeated. */
    private int room() {
        int limit = meta.limit();
        if (places.settling() > Math.max(limit, UNWRITTEN)) {
            heldUp = true;
            return 0;
        }
        return limit - places.taken();
    }

    QueueStatus status() {
        return meta.status(places.running(), places.abandoned());
    }

    /**
     * Obeys somebody's order, unless a later one is known; returns whether that changes anything. Paused it takes no jobs, but what a
     * fetch under way still takes is run. With fewer places than before, who holds one keeps it.
     */
    boolean obey(Order order) {
        boolean change = order.paused()
                        .map(paused -> meta.pause(paused, order.at()))
                        .orElse(false)
                | order.limit().map(limit -> meta.scale(limit, order.at())).orElse(false);
        return logged(change);
    }

    /** Takes notice of lasting orders; returns whether they change anything. */
    boolean heed(List<LastingOrder> orders, long readAt) {
        return logged(meta.heed(orders, readAt));
    }

    /** The table has been told that it lives. */
    void refreshed() {
        meta.refreshed();
    }

    /** Whether jobs may have been taken that nobody runs, or that wait for a thread that has not come. */
    boolean hasLeftBehind() {
        return leftBehind || runners.areLate();
    }

    /** Whether it has been closed, and takes none any more either by a fetch that was under way. */
    boolean isClosed() {
        if (!meta.isStopping() || leftBehind || !lock.tryLock()) {
            return false;
        }
        lock.unlock();
        return true;
    }

    /** Takes no more jobs. When this returns none is being taken, unless a fetch hangs for longer than given. */
    void close(Duration most) throws InterruptedException {
        meta.stop();
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
        return places.awaitEmpty(end);
    }

    /** The jobs it has in its hands: those that run, and those whose end is not written. */
    List<Long> held() {
        return places.held();
    }

    void interruptRunning() {
        places.interrupt();
    }

    /** Gives back the jobs that no thread has begun. If that is not to be done now, the poll sees to it. */
    void giveBackUnbegun() {
        List<JobRun> unbegun = runners.drain();
        if (unbegun.isEmpty()) {
            return;
        }
        unbegun.forEach(places::leave);
        leftBehind = true;
        if (lock.tryLock()) {
            try {
                reclaim();
            } finally {
                lock.unlock();
            }
            unbegun.forEach(JobRun::released);
        }
    }

    /** The runs that hold a place here. */
    Stream<JobRun> running() {
        return places.runs();
    }

    private void dispatch() {
        lock.lock();
        try {
            reclaim();
            int room = room();
            if (hasRoom() && gathering.isWorth(room, meta.limit())) {
                start(fetch(room));
            }
        } finally {
            lock.unlock();
        }
    }

    /** A fetch may take jobs and fail to say so, or end after the stop; they carry this producer's name and nobody runs them. */
    private void reclaim() {
        if (leftBehind) {
            leftBehind = System.nanoTime() - suspectUntil < 0; // before, so that what breaks down meanwhile counts
            try {
                intake.reclaim(queue(), meta.owner(), places.held());
            } catch (RuntimeException | Error failure) {
                leftBehind = true;
                throw failure;
            }
        }
    }

    private List<Job> fetch(int room) {
        if (room <= 0) {
            return List.of(); // scaled down just now
        }
        try {
            return fetcher.fetch(room);
        } catch (RuntimeException | Error failure) {
            suspectUntil = System.nanoTime() + LATE_COMMIT.toNanos();
            leftBehind = true;
            throw failure;
        }
    }

    private void start(List<Job> jobs) {
        if (jobs.isEmpty()) {
            return;
        }
        List<JobRun> taken = jobs.stream()
                .map(job -> new JobRun(job, intake.worker(job), meta.owner(), runs, this))
                .toList();
        taken.forEach(places::take);
        if (meta.isStopping()) {
            taken.forEach(places::leave);
            leftBehind = true;
            reclaim();
        } else {
            runners.add(taken);
        }
    }

    private boolean logged(boolean change) {
        if (change) {
            QueueStatus now = status();
            LOG.log(
                    System.Logger.Level.INFO,
                    "Queue %s: %s, limit %d".formatted(now.queue(), now.paused() ? "paused" : "running", now.limit()));
        }
        return change;
    }

    @Override
    public void broken(JobRun run) {
        leftBehind = true;
    }

    @Override
    public void settling(JobRun run) {
        places.settle(run);
        wakeAfterEnd();
    }

    @Override
    public void ended(JobRun run) {
        if (places.leave(run) || heldUp) {
            heldUp = false;
            wakeAfterEnd();
        }
    }

    private void wakeAfterEnd() {
        if (leftBehind || (hasRoom() && gathering.isWorthAfterEnd(room(), meta.limit()))) {
            cooldown.pass(dispatch);
        }
    }

    /** A queue is not stopped by a worker that hangs; but it lends only as many threads beyond its limit as it has within. */
    @Override
    public void abandoned(JobRun run) {
        if (!places.abandon(run, meta.limit())) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Job %d keeps its place in queue %s until it ends, because %d others go on after their end as well"
                            .formatted(run.id(), queue(), places.lent()));
        }
        wake();
    }
}
