package dev.kerrera.maintenance;

import dev.kerrera.config.StagerSettings;
import dev.kerrera.engine.Staging;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.task.Service;
import java.util.HashSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** Makes scheduled and retryable jobs available when they are due, where this node leads; Oban's <em>stager</em>. Thread-safe. */
public final class Stager implements Service {

    private final StagerSettings settings;
    private final Staging staging;
    private final Notifier notifier;
    private final Duty duty;

    Stager(StagerSettings settings, BooleanSupplier leads, Staging staging, Notifier notifier, RandomGenerator random) {
        this.settings = settings;
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
        duty.stop();
    }

    /** How its loop is doing. */
    @Override
    public LoopStatus loop() {
        return duty.status();
    }

    void stage() {
        new HashSet<>(staging.stage(settings.limit())).forEach(notifier::announce);
    }
}
