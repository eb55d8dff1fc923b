package dev.kerrera.queue;

import dev.kerrera.notifier.Channel;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.Interval;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.telemetry.QueueStopped;
import dev.kerrera.telemetry.Telemetry;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/**
 * The queues this node works. Woken by messages, and always also by asking the table. Start and stop are idempotent;
 * once stopped they stay so. Thread-safe.
 */
public final class Queues {

    private static final System.Logger LOG = System.getLogger(Queues.class.getName());
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(2);

    private final Producers producers;
    private final Supplier<Collection<Producer>> make;
    private final Heart heart;
    private final Lookout lookout;
    private final Interval poll;
    private final Notifier notifier;
    private final Telemetry telemetry;
    private boolean startable = true; // guarded by this

    Queues(
            Producers producers,
            Supplier<Collection<Producer>> make,
            Heart heart,
            Lookout lookout,
            Interval poll,
            Notifier notifier,
            Telemetry telemetry) {
        this.producers = producers;
        this.make = make;
        this.heart = heart;
        this.lookout = lookout;
        this.poll = poll;
        this.notifier = notifier;
        this.telemetry = telemetry;
    }

    /**
     * Begins to run jobs.
     *
     * @throws dev.kerrera.db.DatabaseException when the table cannot be told; another start may follow
     */
    public synchronized void start(ScheduledExecutorService timer) {
        if (startable) {
            producers.add(make.get());
            heart.start(timer);
            startable = false;
            notifier.subscribe(Channel.INSERT, this::inserted);
            notifier.subscribe(Channel.SIGNAL, this::signalled);
            notifier.onListening(producers::wakeAll);
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
            producers.close(start, gracePeriod);
            if (!producers.awaitIdle(start, gracePeriod)) {
                producers.interruptRunning();
                producers.awaitIdle(System.nanoTime(), AFTER_INTERRUPT);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            LOG.log(System.Logger.Level.WARNING, "The stop was interrupted before all jobs had ended");
        }
        heart.stop();
        report(Duration.ofNanos(System.nanoTime() - start));
        producers.clear();
    }

    /** The queues as they are now, by name. */
    public List<QueueStatus> status() {
        return producers.status();
    }

    /** How the loops are doing that ask the table for work and tell it that this node lives. */
    public List<LoopStatus> loops() {
        return List.of(poll.status(), heart.status());
    }

    private void inserted(JsonObject message) {
        producers.wake(message.getString("queue", ""));
    }

    private void signalled(JsonObject message) {
        if (message.getString("action", "").equals("pkill") && message.get("job_id") instanceof JsonNumber id) {
            lookout.suspect(id.longValue());
        }
    }

    private void report(Duration elapsed) {
        for (QueueStatus status : status()) {
            telemetry.emit(new QueueStopped(status.queue(), elapsed, status.running()));
        }
    }
}
