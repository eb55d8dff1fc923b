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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Rescues jobs whose owner is dead, where this node leads; Oban's <em>lifeline</em>, by heartbeat and not by age. Thread-safe.
 *
 * <p>Silence proves nothing while nobody can be heard: after an outage of the database, or while it stands still, every owner has been
 * silent. So owners count as dead only when this node itself has looked for as long as they were silent, turn after turn, and no look
 * had to wait for long. Those that do not lead look as well: the one that follows a dead leader need not begin to wait. There are two
 * looks to each sign of life, so that the dead are found soon after their time.
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
    private final Sieve silent = new Sieve("has lost its owner, but its row cannot be changed");
    private final Sieve unknown = new Sieve("has an unknown owner and is old, but its row cannot be changed");

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
        this.interval = new Interval("The lifeline", settings.interval().dividedBy(2), this::turn, random);
        this.watch = new Watch(longestBreak(settings));
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

    /** A sign of life that was just due when the database stood still must land before its producer counts as dead. */
    private static Duration longestBreak(LifelineSettings settings) {
        Duration enough = settings.interval().multipliedBy(3).dividedBy(2);
        Duration bearable =
                settings.rescueAfter().minus(settings.interval().multipliedBy(5).dividedBy(4));
        return bearable.compareTo(enough) < 0 ? bearable : enough;
    }

    private void turn() {
        look();
        if (leads.getAsBoolean() && watch.unbroken().compareTo(settings.rescueAfter()) >= 0) {
            rescue();
        }
    }

    private void look() {
        try {
            rescuing.look();
            if (leads.getAsBoolean()) {
                rescuing.forget(MEMORY.compareTo(settings.rescueAfter()) > 0 ? MEMORY : settings.rescueAfter());
            }
            watch.looked();
        } catch (RuntimeException deaf) {
            watch.broken();
            throw deaf;
        }
    }

    void rescue() {
        List<Rescued> rescued = new ArrayList<>();
        try {
            Separately.run(
                    () -> silent.pass(rescuing.silent(settings.rescueAfter(), settings.maxDeaths()), rescued::addAll),
                    () -> unknown.pass(
                            rescuing.unknown(settings.rescueUnknownAfter(), settings.maxDeaths()), rescued::addAll));
        } finally {
            rescued.forEach(Lifeline::tell);
            rescued.stream()
                    .filter(job -> job.state() == JobState.AVAILABLE)
                    .map(Rescued::queue)
                    .distinct()
                    .forEach(notifier::announce);
        }
    }

    private static void tell(Rescued job) {
        LOG.log(
                System.Logger.Level.WARNING,
                "The node that ran job %d of queue %s is dead; the job is now %s"
                        .formatted(job.id(), job.queue(), job.state().label()));
    }
}
