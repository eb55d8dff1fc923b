package dev.kerrera.queue;

import dev.kerrera.task.Nudge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that the runs of one queue are given.
 *
 * <p>The thread that fetched them is the first, and one that has ended a run goes on with the next that waits, because to ask for a
 * thread costs more than a short job. While any waits one more thread is on its way, so runs that take long, or block, do not keep
 * others waiting. Thread-safe.
 */
final class Runners implements Nudge.Sequel {

    private static final System.Logger LOG = System.getLogger(Runners.class.getName());

    /** An executor may accept a task and drop it. */
    private static final long LATE = Duration.ofMillis(100).toNanos();

    /** A virtual thread that never blocks would keep the others from their turn; and each turn costs as much as a short run. */
    private static final long SLICE = TimeUnit.MICROSECONDS.toNanos(200);

    private final Executor executor;
    private final Queue<JobRun> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean coming;
    private volatile long called = System.nanoTime();

    Runners(Executor executor) {
        this.executor = executor;
    }

    /** Puts the runs in line, the first ones first. The calling thread is to go on as one of these. */
    void add(List<JobRun> runs) {
        called = System.nanoTime();
        coming = true;
        waiting.addAll(runs);
    }

    @Override
    public boolean isWanted() {
        return !waiting.isEmpty();
    }

    /** To be asked now and then: whether there are runs and the thread that is to come for them has not. */
    boolean areLate() {
        return !waiting.isEmpty() && coming && System.nanoTime() - called > LATE;
    }

    /** Those that no thread has begun; they are no longer in line. */
    List<JobRun> drain() {
        List<JobRun> unbegun = new ArrayList<>();
        for (JobRun run = waiting.poll(); run != null; run = waiting.poll()) {
            unbegun.add(run);
        }
        return unbegun;
    }

    private void call() {
        called = System.nanoTime();
        coming = true;
        executor.execute(new Turn());
    }

    /** What each further thread does. */
    final class Turn implements Runnable {
        @Override
        public void run() {
            Runners.this.run();
        }
    }

    @Override
    public void run() {
        coming = false;
        long turn = System.nanoTime();
        for (JobRun run = waiting.poll(); run != null; run = waiting.poll()) {
            callOneMore();
            run(run);
            if (System.nanoTime() - turn >= SLICE) {
                Thread.yield();
                turn = System.nanoTime();
            }
        }
    }

    /** One is enough: it calls the next. If there are no more threads this one does it all. */
    void callOneMore() {
        if (waiting.isEmpty() || (coming && System.nanoTime() - called < LATE)) {
            return;
        }
        try {
            call();
        } catch (RuntimeException | Error refused) {
            LOG.log(System.Logger.Level.DEBUG, "There are no more threads for jobs", refused);
        }
    }

    private static void run(JobRun run) {
        try {
            run.run();
        } catch (Throwable breakdown) {
            LOG.log(System.Logger.Level.ERROR, "The run of job %d broke down".formatted(run.id()), breakdown);
        } finally {
            Thread.interrupted(); // was meant for a run that is over
        }
    }
}
