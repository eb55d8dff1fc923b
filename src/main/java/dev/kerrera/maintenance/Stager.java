package dev.kerrera.maintenance;

import dev.kerrera.config.StagerSettings;
import dev.kerrera.db.DatabaseException;
import dev.kerrera.engine.Staging;
import dev.kerrera.engine.Touched;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.task.Service;
import dev.kerrera.telemetry.Connectivity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Makes scheduled and retryable jobs available when they are due, where this node leads, and tells their queues; Oban's
 * <em>stager</em>. Thread-safe.
 *
 * <p>Unless it knows that there are no other nodes, it tells every queue that has available jobs at each turn: Oban's nodes rely on a
 * leader that does, and one that hears nobody may still be heard.
 */
public final class Stager implements Service {

    /** After so many full batches the others get their turn: those who wait for the timer, and those who stop it. */
    private static final int MOST_BATCHES = 20;

    private final StagerSettings settings;
    private final BooleanSupplier leads;
    private final Supplier<Connectivity> connectivity;
    private final Staging staging;
    private final Notifier notifier;
    private final Duty duty;
    private final Sieve sieve = new Sieve("is due, but its row cannot be changed");
    private volatile boolean stopping;

    /** @param connectivity whether other nodes are heard */
    Stager(
            StagerSettings settings,
            BooleanSupplier leads,
            Supplier<Connectivity> connectivity,
            Staging staging,
            Notifier notifier,
            RandomGenerator random) {
        this.settings = settings;
        this.leads = leads;
        this.connectivity = connectivity;
        this.staging = staging;
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
        boolean everyQueue = connectivity.get() != Connectivity.SOLITARY;
        int batches = 0;
        long staged;
        do {
            staged = stage(everyQueue && batches == 0);
            batches++;
        } while (staged >= settings.limit() && batches < MOST_BATCHES && !stopping && leads.getAsBoolean());
    }

    private long stage(boolean everyQueue) {
        List<Touched> parts = new ArrayList<>();
        try {
            pass(everyQueue, parts);
        } finally {
            parts.stream().flatMap(part -> part.queues().stream()).distinct().forEach(notifier::announce);
        }
        return parts.stream().mapToLong(Touched::jobs).sum();
    }

    /** Queues are told even where rows are refused. */
    private void pass(boolean everyQueue, List<Touched> parts) {
        boolean refused = false;
        try {
            refused = !sieve.pass(staging.batch(settings.limit(), everyQueue), parts::add);
        } catch (DatabaseException failure) {
            refused = failure.isAboutRows();
            throw failure;
        } finally {
            if (everyQueue && refused) {
                parts.add(staging.stage(0, List.of(), true));
            }
        }
    }
}
