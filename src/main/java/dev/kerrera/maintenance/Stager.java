package dev.kerrera.maintenance;

import dev.kerrera.config.StagerSettings;
import dev.kerrera.engine.Staging;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.Interval;
import dev.kerrera.task.LoopStatus;
import java.util.HashSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/** Makes scheduled and retryable jobs available when they are due; Oban's <em>stager</em>. Thread-safe. */
public final class Stager {

    private final StagerSettings settings;
    private final Staging staging;
    private final Notifier notifier;
    private final Interval interval;

    Stager(StagerSettings settings, Staging staging, Notifier notifier, RandomGenerator random) {
        this.settings = settings;
        this.staging = staging;
        this.notifier = notifier;
        this.interval = new Interval("The stager", settings.interval(), this::stage, random);
    }

    /** Begins to stage. */
    public void start(ScheduledExecutorService timer) {
        interval.start(timer);
    }

    /** Stages no more. */
    public void stop() {
        interval.stop();
    }

    /** How its loop is doing. */
    public LoopStatus loop() {
        return interval.status();
    }

    void stage() {
        new HashSet<>(staging.stage(settings.limit())).forEach(notifier::announce);
    }
}
