package dev.kerrera.maintenance;

import dev.kerrera.config.LifelineSettings;
import dev.kerrera.engine.Rescuing;
import dev.kerrera.engine.Rescuing.Rescued;
import dev.kerrera.job.JobState;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.Interval;
import dev.kerrera.task.LoopStatus;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/** Rescues jobs whose owner is dead; Oban's <em>lifeline</em>, by heartbeat and not by age. Thread-safe. */
public final class Lifeline {

    private static final System.Logger LOG = System.getLogger(Lifeline.class.getName());

    private final LifelineSettings settings;
    private final Rescuing rescuing;
    private final Notifier notifier;
    private final Interval interval;

    Lifeline(LifelineSettings settings, Rescuing rescuing, Notifier notifier, RandomGenerator random) {
        this.settings = settings;
        this.rescuing = rescuing;
        this.notifier = notifier;
        this.interval = new Interval("The lifeline", settings.interval(), this::rescue, random);
    }

    /** Begins to look for dead owners. */
    public void start(ScheduledExecutorService timer) {
        interval.start(timer);
    }

    /** Looks no more. */
    public void stop() {
        interval.stop();
    }

    /** How its loop is doing. */
    public LoopStatus loop() {
        return interval.status();
    }

    void rescue() {
        List<Rescued> rescued = rescuing.rescue(settings.rescueAfter(), settings.maxDeaths());
        rescued.forEach(Lifeline::tell);
        rescued.stream()
                .filter(job -> job.state() == JobState.AVAILABLE)
                .map(Rescued::queue)
                .distinct()
                .forEach(notifier::announce);
        rescuing.forget(settings.rescueAfter());
    }

    private static void tell(Rescued job) {
        LOG.log(
                System.Logger.Level.WARNING,
                "The node that ran job %d of queue %s is dead; the job is now %s"
                        .formatted(job.id(), job.queue(), job.state().label()));
    }
}
