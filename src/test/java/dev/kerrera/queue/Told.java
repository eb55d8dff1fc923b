package dev.kerrera.queue;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.kerrera.job.JobDefaults;
import dev.kerrera.worker.Execution;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Worker;
import dev.kerrera.worker.WorkerDefinition;
import dev.kerrera.worker.WorkerInstance;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A worker that does what its args say, and remembers what it did. */
public final class Told implements Worker<Told.Order> {

    static final String NAME = "Told";

    /** Jobs that are performed now, at most so far, and all in the order in which they began. */
    final AtomicInteger inside = new AtomicInteger();

    final AtomicInteger most = new AtomicInteger();
    final Queue<Long> performed = new ConcurrentLinkedQueue<>();
    final AtomicInteger ended = new AtomicInteger();

    private final Semaphore parked = new Semaphore(0);
    private final CountDownLatch release = new CountDownLatch(1);
    private final Semaphore turns = new Semaphore(0);

    /** What a job is to do. */
    public record Order(String act, String text) {}

    /** An exception whose message cannot be had. */
    static final class Mute extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new StackOverflowError("deliberate");
        }
    }

    WorkerDefinition definition() {
        return definition(Execution.PLAIN);
    }

    WorkerDefinition definition(Execution execution) {
        return new WorkerDefinition(
                NAME,
                Told.class,
                Order.class,
                JobDefaults.NONE,
                execution,
                () -> new WorkerInstance(this, ended::incrementAndGet));
    }

    /** Waits until that many more jobs are parked. */
    void awaitParked(int jobs) throws InterruptedException {
        if (!parked.tryAcquire(jobs, 20, SECONDS)) {
            throw new AssertionError("%d of %d jobs are parked".formatted(parked.availablePermits(), jobs));
        }
    }

    /** Lets every parked job go on, now and later. */
    void releaseAll() {
        release.countDown();
        turns.release(100_000);
    }

    /** Lets some jobs that wait for their turn go on. */
    void release(int jobs) {
        turns.release(jobs);
    }

    @Override
    public Outcome perform(Order order, JobContext job) throws Exception {
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        performed.add(job.id());
        try {
            return act(order.act(), order.text());
        } finally {
            inside.decrementAndGet();
        }
    }

    private Outcome act(String act, String text) throws Exception {
        switch (act) {
            case "ok":
                return Outcome.ok();
            case "error":
                return Outcome.error(text);
            case "cancel":
                return Outcome.cancel(text);
            case "discard":
                return Outcome.discard(text);
            case "snooze":
                return Outcome.snooze(Duration.parse(text));
            case "null":
                return null;
            case "throw":
                throw new IllegalStateException(text, new IOException("the cause"));
            case "overflow":
                return act(act, text);
            case "assert":
                throw new AssertionError(text);
            case "link":
                throw new NoClassDefFoundError(text);
            case "mute":
                throw new Mute();
            case "flag":
                Thread.currentThread().interrupt();
                return Outcome.ok();
            case "turn":
                parked.release();
                turns.acquire();
                return Outcome.ok();
            case "park":
                parked.release();
                release.await();
                return Outcome.ok();
            case "stubborn":
                parked.release();
                awaitStubbornly();
                return Outcome.ok();
            case "give up":
                parked.release();
                try {
                    release.await();
                } catch (InterruptedException stop) {
                    return Outcome.cancel(text);
                }
                return Outcome.ok();
            case "finish":
                parked.release();
                try {
                    release.await();
                } catch (InterruptedException stop) {
                    return Outcome.ok();
                }
                return Outcome.ok();
            default:
                throw new IllegalArgumentException("unknown act " + act);
        }
    }

    private void awaitStubbornly() {
        while (true) {
            try {
                release.await();
                return;
            } catch (InterruptedException ignored) {
                // a worker that does not care
            }
        }
    }
}
