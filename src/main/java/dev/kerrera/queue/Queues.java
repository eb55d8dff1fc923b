package dev.kerrera.queue;

import dev.kerrera.engine.Fetching;
import dev.kerrera.notifier.Channel;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.Interval;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.telemetry.QueueStopped;
import dev.kerrera.telemetry.Telemetry;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The queues this node works. Woken by messages, and always also by asking the table. Start and stop are idempotent;
 * once stopped they stay so. Thread-safe.
 */
public final class Queues {

    private static final System.Logger LOG = System.getLogger(Queues.class.getName());
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(2);

    private final Supplier<Collection<Producer>> make;
    private final Fetching fetching;
    private final Notifier notifier;
    private final Telemetry telemetry;
    private final ScheduledExecutorService timer;
    private final Interval poll;
    private final Map<String, Producer> producers = new ConcurrentHashMap<>();
    private boolean startable = true; // guarded by this

    Queues(
            Supplier<Collection<Producer>> make,
            Fetching fetching,
            Notifier notifier,
            Telemetry telemetry,
            ScheduledExecutorService timer,
            Duration pollInterval,
            RandomGenerator random) {
        this.make = make;
        this.fetching = fetching;
        this.notifier = notifier;
        this.telemetry = telemetry;
        this.timer = timer;
        this.poll = new Interval("Polling for jobs", pollInterval, this::wakeQueuesWithWork, random);
    }

    /** Begins to run jobs. */
    public synchronized void start() {
        if (startable) {
            startable = false;
            make.get().forEach(producer -> producers.put(producer.status().queue(), producer));
            notifier.subscribe(Channel.INSERT, this::inserted);
            notifier.onListening(this::wakeAll);
            poll.start(timer);
        }
    }

    /**
     * Takes no more jobs, waits for those that run, and interrupts what is left when the grace period is over. An interrupted job
     * goes back to its queue without losing the attempt.
     */
    public synchronized void stop(Duration gracePeriod) {
        startable = false;
        poll.stop();
        long start = System.nanoTime();
        try {
            close(start, gracePeriod);
            if (!awaitIdle(start, gracePeriod)) {
                producers.values().forEach(Producer::interruptRunning);
                awaitIdle(System.nanoTime(), AFTER_INTERRUPT);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            LOG.log(System.Logger.Level.WARNING, "The stop was interrupted before all jobs had ended");
        }
        report(Duration.ofNanos(System.nanoTime() - start));
        producers.clear();
    }

    /** The queues as they are now, by name. */
    public List<QueueStatus> status() {
        return producers.values().stream()
                .map(Producer::status)
                .sorted((a, b) -> a.queue().compareTo(b.queue()))
                .toList();
    }

    /** How the loop that asks the table for work is doing. */
    public LoopStatus loop() {
        return poll.status();
    }

    private void inserted(JsonObject message) {
        wake(message.getString("queue", ""));
    }

    private void wake(String queue) {
        Producer producer = producers.get(queue);
        if (producer != null) {
            producer.wake();
        }
    }

    private void wakeAll() {
        producers.values().forEach(Producer::wake);
    }

    private void wakeQueuesWithWork() {
        List<String> open = producers.entrySet().stream()
                .filter(entry -> entry.getValue().hasRoom())
                .map(Map.Entry::getKey)
                .toList();
        if (!open.isEmpty()) {
            fetching.queuesWithWork(open).forEach(this::wake);
        }
        producers.values().stream().filter(Producer::hasLeftBehind).forEach(Producer::wake);
    }

    /** All of them at once before any is waited for, so that none takes jobs while another ends its fetch. */
    private void close(long start, Duration most) throws InterruptedException {
        for (Producer producer : producers.values()) {
            close(producer, Duration.ZERO);
        }
        for (Producer producer : producers.values()) {
            close(producer, most.minusNanos(System.nanoTime() - start));
        }
    }

    private static void close(Producer producer, Duration most) throws InterruptedException {
        try {
            producer.close(most);
        } catch (RuntimeException failure) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Queue %s may have taken jobs that nobody runs; they stay executing"
                            .formatted(producer.status().queue()),
                    failure);
        }
    }

    private boolean awaitIdle(long start, Duration most) throws InterruptedException {
        boolean idle = true;
        for (Producer producer : producers.values()) {
            Duration left = most.minusNanos(System.nanoTime() - start);
            idle &= producer.awaitIdle(left);
        }
        return idle;
    }

    private void report(Duration elapsed) {
        for (QueueStatus status : status()) {
            telemetry.emit(new QueueStopped(status.queue(), elapsed, status.running()));
        }
    }
}
