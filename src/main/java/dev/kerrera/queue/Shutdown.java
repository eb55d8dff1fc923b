package dev.kerrera.queue;

import dev.kerrera.telemetry.QueueStopped;
import dev.kerrera.telemetry.Telemetry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** How queues end: close, grace, interrupt, report. Thread-safe. */
final class Shutdown {

    /** What an interrupted job has to end in. */
    static final Duration AFTER_INTERRUPT = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger(Shutdown.class.getName());

    private final Producers producers;
    private final Heart heart;
    private final Telemetry telemetry;

    Shutdown(Producers producers, Heart heart, Telemetry telemetry) {
        this.producers = producers;
        this.heart = heart;
        this.telemetry = telemetry;
    }

    /**
     * Ends queues. Takes no more jobs, waits for those that run, and interrupts what is left when the grace period is over. A queue
     * that is ended twice at the same time is reported once.
     */
    void run(Collection<Producer> which, Duration gracePeriod) {
        long start = System.nanoTime();
        try {
            close(which, start, gracePeriod);
            if (!awaitIdle(which, start, gracePeriod)) {
                interrupt(which);
                awaitIdle(which, System.nanoTime(), AFTER_INTERRUPT);
            }
        } catch (InterruptedException hurry) {
            interrupt(which);
            Thread.currentThread().interrupt();
            LOG.log(System.Logger.Level.WARNING, "The stop was interrupted before all jobs had ended");
        }
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        List<Producer> gone = which.stream().filter(producers::remove).toList();
        heart.end(gone);
        for (Producer producer : gone) {
            telemetry.emit(new QueueStopped(producer.queue(), elapsed, producer.held()));
        }
    }

    /** All of them at once before any is waited for, so that none takes jobs while another ends its fetch. */
    private static void close(Collection<Producer> which, long start, Duration most) throws InterruptedException {
        for (Producer producer : which) {
            close(producer, Duration.ZERO);
        }
        for (Producer producer : which) {
            close(producer, most.minusNanos(System.nanoTime() - start));
        }
    }

    private static void close(Producer producer, Duration most) throws InterruptedException {
        try {
            producer.close(most);
        } catch (RuntimeException failure) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Queue %s may have taken jobs that nobody runs; they stay executing".formatted(producer.queue()),
                    failure);
        }
    }

    private static void interrupt(Collection<Producer> which) {
        which.forEach(Producer::interruptRunning);
        for (Producer producer : which) {
            try {
                producer.giveBackUnbegun();
            } catch (RuntimeException failure) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Jobs of queue %s that had not begun could not be given back; they stay executing"
                                .formatted(producer.queue()),
                        failure);
            }
        }
    }

    /** Whether none takes or runs a job any more, waiting no longer than given since the start. */
    private static boolean awaitIdle(Collection<Producer> which, long start, Duration most)
            throws InterruptedException {
        boolean idle = true;
        for (Producer producer : which) {
            idle &= producer.awaitIdle(most.minusNanos(System.nanoTime() - start));
        }
        return idle;
    }
}
