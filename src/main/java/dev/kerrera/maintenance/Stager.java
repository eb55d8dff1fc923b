package dev.kerrera.maintenance;

import dev.kerrera.config.StagerSettings;
import dev.kerrera.engine.Staging;
import dev.kerrera.engine.Staging.Sight;
import dev.kerrera.engine.Touched;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.LastDone;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.task.Service;
import dev.kerrera.telemetry.Connectivity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Makes scheduled and retryable jobs available when they are due, where this node leads, and tells their queues; Oban's
 * <em>stager</em>. Thread-safe.
 *
 * <p>At each turn it tells every queue that has available jobs, those of other nodes as well unless it knows that there are none: Oban's
 * nodes rely on a leader that does, and one that hears nobody may still be heard. So the queues of this node need not ask.
 */
public final class Stager implements Service {

    /** After so many full batches the others get their turn: those who wait for the timer, and those who stop it. */
    private static final int MOST_BATCHES = 20;

    private final StagerSettings settings;
    private final BooleanSupplier leads;
    private final Supplier<Connectivity> connectivity;
    private final Staging staging;
    private final Notifier notifier;
    private final LastDone told;
    private final Duty duty;
    private final Sieve sieve = new Sieve("is due, but its row cannot be changed");
    private volatile boolean stopping;

    /**
     * @param connectivity whether other nodes are heard
     * @param told when every queue with available jobs was last told of
     */
    Stager(
            StagerSettings settings,
            BooleanSupplier leads,
            Supplier<Connectivity> connectivity,
            Staging staging,
            Notifier notifier,
            LastDone told,
            RandomGenerator random) {
        this.settings = settings;
        this.leads = leads;
        this.connectivity = connectivity;
        this.staging = staging;
        this.notifier = notifier;
        this.told = told;
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
        long asked = System.nanoTime();
        Sight sight = staging.look();
        Consumer<String> tell =
                connectivity.get() == Connectivity.SOLITARY ? notifier::announceLocally : notifier::announce;
        sight.queues().forEach(tell);
        told.done(asked);
        if (sight.due()) {
            stageBatches();
        }
    }

    private void stageBatches() {
        int batches = 0;
        long staged;
        do {
            staged = stageBatch();
            batches++;
        } while (staged >= settings.limit() && batches < MOST_BATCHES && !stopping && leads.getAsBoolean());
    }

    private long stageBatch() {
        List<Touched> parts = new ArrayList<>();
        try {
            sieve.pass(staging.batch(settings.limit()), parts::add);
        } finally {
            parts.stream().flatMap(part -> part.queues().stream()).distinct().forEach(notifier::announce);
        }
        return parts.stream().mapToLong(Touched::jobs).sum();
    }
}
