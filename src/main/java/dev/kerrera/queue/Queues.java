package dev.kerrera.queue;

import dev.kerrera.task.LoopStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The queues this node works. Woken by messages, and always also by asking the table. Start and stop are idempotent;
 * once stopped they stay so. Thread-safe.
 */
public final class Queues {

    private final Producers producers;
    private final Startup startup;
    private final Shutdown shutdown;
    private final Ears ears;
    private final Rounds rounds;
    private boolean startable = true; // guarded by this

    Queues(Producers producers, Startup startup, Shutdown shutdown, Ears ears, Rounds rounds) {
        this.producers = producers;
        this.startup = startup;
        this.shutdown = shutdown;
        this.ears = ears;
        this.rounds = rounds;
    }

    /** How long a stop may take: a worker that ignores its interrupt does not hold it up. */
    public static Duration longestStop(Duration gracePeriod) {
        return gracePeriod.plus(Shutdown.AFTER_INTERRUPT);
    }

    /**
     * Begins to run jobs.
     *
     * @throws dev.kerrera.db.DatabaseException when the table cannot be asked or told; another start may follow
     */
    public synchronized void start(ScheduledExecutorService timer) {
        if (startable) {
            startup.begin();
            rounds.heart().start(timer);
            startable = false;
            ears.open();
            rounds.start(timer);
        }
    }

    /**
     * Takes no more jobs, waits for those that run, and interrupts what is left when the grace period is over. An interrupted job
     * goes back to its queue without losing the attempt.
     */
    public synchronized void stop(Duration gracePeriod) {
        startable = false;
        rounds.lasting().stop();
        shutdown.run(producers.seal(), gracePeriod);
        rounds.poll().stop(); // until then it looks after results whose statement hangs
        rounds.heart().stop();
    }

    /** The queues as they are now, by name. */
    public List<QueueStatus> status() {
        return producers.status();
    }

    /** How the loops are doing that ask the table and tell it that this node lives. */
    public List<LoopStatus> loops() {
        return rounds.status();
    }
}
