package dev.kerrera.maintenance;

import dev.kerrera.config.StagerSettings;
import dev.kerrera.engine.Touched;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.task.Service;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Makes scheduled and retryable jobs available when they are due, where this node leads, and tells their queues; Oban's
 * <em>stager</em>. Thread-safe.
 *
 * <p>Where other nodes are heard, it tells every queue that has available jobs at each turn: Oban's nodes rely on a leader that does.
 */
public final class Stager implements Service {

    /** After so many full batches the others get their turn: those who wait for the timer, and those who stop it. */
    private static final int MOST_BATCHES = 20;

    private final StagerSettings settings;
    private final BooleanSupplier leads;
    private final BooleanSupplier clustered;
    private final Sieve sieve;
    private final Notifier notifier;
    private final Duty duty;
    private volatile boolean stopping;

    /** @param clustered whether other nodes are heard */
    Stager(
            StagerSettings settings,
            BooleanSupplier leads,
            BooleanSupplier clustered,
            Sieve sieve,
            Notifier notifier,
            RandomGenerator random) {
        this.settings = settings;
        this.leads = leads;
        this.clustered = clustered;
        this.sieve = sieve;
        this.notifier = notifier;
        this.duty = new Duty("The stager", settings.interval(), leads, this::stage, random);
    }

    /** Begins to stage. */
    @Override
    public void start(ScheduledExecutorService timer) {
        duty.start(timer);
    }

    /** Stages no more. */
    @Override
    public void stop() {
        stopping = true;
        duty.stop();
    }

    /** How its loop is doing. */
    @Override
    public LoopStatus loop() {
        return duty.status();
    }

    void stage() {
        boolean everyQueue = clustered.getAsBoolean();
        int batches = 0;
        Touched batch;
        do {
            batch = sieve.stage(settings.limit(), everyQueue && batches == 0);
            batch.queues().forEach(notifier::announce);
            batches++;
        } while (batch.jobs() >= settings.limit() && batches < MOST_BATCHES && !stopping && leads.getAsBoolean());
    }
}
