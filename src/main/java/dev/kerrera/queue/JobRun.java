package dev.kerrera.queue;

import dev.kerrera.engine.Owner;
import dev.kerrera.engine.Settlement;
import dev.kerrera.job.Job;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.WorkerDefinition;
import dev.kerrera.worker.WorkerInstance;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of one job: started, performed, judged, settled, reported.
 *
 * <p>An interrupt reaches the worker only. Once the worker has ended its result is written in peace, however long the database
 * is away, unless the queue is being stopped.
 */
final class JobRun implements Runnable {

    private final Job job;
    private final WorkerDefinition worker;
    private final Owner owner;
    private final Runs runs;
    private final Consumer<JobRun> ended;
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private @Nullable Thread performing; // guarded by this

    JobRun(Job job, WorkerDefinition worker, Owner owner, Runs runs, Consumer<JobRun> ended) {
        this.job = job;
        this.worker = worker;
        this.owner = owner;
        this.runs = runs;
        this.ended = ended;
    }

    long id() {
        return job.id();
    }

    @Override
    public void run() {
        try {
            runs.started(job);
            long start = System.nanoTime();
            Settlement settlement = perform();
            Duration duration = Duration.ofNanos(System.nanoTime() - start);
            runs.settle(job, owner, settlement, interrupted).report(job, settlement, duration);
        } finally {
            ended.accept(this);
        }
    }

    /** Interrupts the worker, and makes a result that cannot be written now be given up. */
    synchronized void interrupt() {
        interrupted.countDown();
        Thread thread = performing;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private Settlement perform() {
        if (!enter()) {
            return new Settlement.Release();
        }
        Settlement settlement;
        try {
            settlement = runs.judge(job, runs.call(this::callWorker));
        } catch (Throwable thrown) {
            settlement = runs.judge(job, thrown);
        } finally {
            leave();
        }
        boolean disturbed = interrupted.getCount() == 0 && settlement.isFailure();
        return disturbed ? new Settlement.Release() : settlement;
    }

    private @Nullable Outcome callWorker() throws Exception {
        Object args = job.args(worker.argsType());
        try (WorkerInstance instance = worker.obtain()) {
            return instance.perform(args, new JobContext(job));
        }
    }

    private synchronized boolean enter() {
        if (interrupted.getCount() == 0) {
            return false;
        }
        performing = Thread.currentThread();
        return true;
    }

    /** Ends the reach of interrupts; one that came at the last moment must not hit the write of the result. */
    private synchronized void leave() {
        performing = null;
        Thread.interrupted();
    }
}
