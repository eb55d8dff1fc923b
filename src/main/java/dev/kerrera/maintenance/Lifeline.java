package dev.kerrera.maintenance;

import dev.kerrera.config.LifelineSettings;
import dev.kerrera.engine.Rescuing;
import dev.kerrera.engine.Rescuing.Rescued;
import dev.kerrera.job.JobState;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.Interval;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.task.Service;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Rescues jobs whose owner is dead, where this node leads; Oban's <em>lifeline</em>, by heartbeat and not by age. Thread-safe.
 *
 * <p>Silence proves nothing while nobody can be heard: after an outage of the database every owner has been silent. So owners count as
 * dead only when this node itself has looked for as long as they were silent, turn after turn. Those that do not lead look as well:
 * the one that follows a dead leader need not begin to wait.
 */
public final class Lifeline implements Service {

    private static final System.Logger LOG = System.getLogger(Lifeline.class.getName());

    /** A dead owner's row must outlast what it may still commit. */
    private static final Duration MEMORY = Duration.ofHours(1);

    private final LifelineSettings settings;
    private final Rescuing rescuing;
    private final Notifier notifier;
    private final BooleanSupplier leads;
    private final Interval interval;
    private final Watch watch;

    Lifeline(
            LifelineSettings settings,
            BooleanSupplier leads,
            Rescuing rescuing,
            Notifier notifier,
            RandomGenerator random) {
        this.settings = settings;
        this.rescuing = rescuing;
        this.notifier = notifier;
        this.leads = leads;
        this.interval = new Interval("The lifeline", settings.interval(), this::turn, random);
        this.watch = new Watch(settings.interval().multipliedBy(2));
    }

    /** Begins to look for dead owners. */
    @Override
    public void start(ScheduledExecutorService timer) {
        interval.start(timer);
    }

    /** Looks no more. */
    @Override
    public void stop() {
        interval.stop();
    }

    /** How its loop is doing. */
    @Override
    public LoopStatus loop() {
        return interval.status();
    }

    private void turn() {
        boolean longEnough = watch.unbroken().compareTo(settings.rescueAfter()) >= 0;
        try {
            if (!leads.getAsBoolean()) {
                rescuing.look();
            } else {
                rescuing.forget(MEMORY.compareTo(settings.rescueAfter()) > 0 ? MEMORY : settings.rescueAfter());
                if (longEnough) {
                    rescue();
                }
            }
            watch.looked();
        } catch (RuntimeException deaf) {
            watch.broken();
            throw deaf;
        }
    }

    void rescue() {
        List<Rescued> rescued = Stream.concat(
                        rescuing.rescue(settings.rescueAfter(), settings.maxDeaths()).stream(),
                        rescuing.rescueUnknown(settings.rescueUnknownAfter(), settings.maxDeaths()).stream())
                .toList();
        rescued.forEach(Lifeline::tell);
        rescued.stream()
                .filter(job -> job.state() == JobState.AVAILABLE)
                .map(Rescued::queue)
                .distinct()
                .forEach(notifier::announce);
    }

    private static void tell(Rescued job) {
        LOG.log(
                System.Logger.Level.WARNING,
                "The node that ran job %d of queue %s is dead; the job is now %s"
                        .formatted(job.id(), job.queue(), job.state().label()));
    }
}
