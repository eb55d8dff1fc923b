package dev.kerrera.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * The threads that the runs of one queue are given.
 *
 * <p>A thread that has ended a run goes on with the next that waits, because to ask for a thread costs more than a short job. While
 * any waits one more thread is on its way, so runs that take long, or block, do not keep others waiting. Thread-safe.
 */
final class Runners {

    private static final System.Logger LOG = System.getLogger(Runners.class.getName());

    /** An executor may accept a task and drop it. */
    private static final long LATE = Duration.ofMillis(100).toNanos();

    private final Executor executor;
    private final Queue<JobRun> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean coming;
    private volatile long called = System.nanoTime();

    Runners(Executor executor) {
        this.executor = executor;
    }

    /** Has the runs run, the first ones first; returns those that get no thread. */
    List<JobRun> start(List<JobRun> runs) {
        waiting.addAll(runs);
        try {
            call();
            return List.of();
        } catch (RuntimeException | Error refused) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "There are no threads for jobs, which go back to their queue",
                    refused);
            return withdraw();
        }
    }

    /** To be asked now and then: whether there are runs and the thread that was called for them has not come. */
    boolean areLate() {
        return !waiting.isEmpty() && coming && System.nanoTime() - called > LATE;
    }

    private List<JobRun> withdraw() {
        List<JobRun> left = new ArrayList<>();
        for (JobRun run = waiting.poll(); run != null; run = waiting.poll()) {
            left.add(run);
        }
        return left;
    }

    private void call() {
        called = System.nanoTime();
        coming = true;
        executor.execute(new Turn());
    }

    /** What a thread does. */
    final class Turn implements Runnable {
        @Override
        public void run() {
            work();
        }
    }

    private void work() {
        coming = false;
        for (JobRun run = waiting.poll(); run != null; run = waiting.poll()) {
            callOneMore();
            run(run);
            Thread.yield(); // a virtual thread that never blocks would keep the others from their turn
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
