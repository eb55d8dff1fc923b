package dev.kerrera.maintenance;

import dev.kerrera.config.LifelineSettings;
import dev.kerrera.engine.Batch;
import dev.kerrera.engine.Rescuing;
import dev.kerrera.engine.Rescuing.Rescued;
import dev.kerrera.engine.Rescuing.Suspicion;
import dev.kerrera.job.JobState;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.Interval;
import dev.kerrera.task.LastDone;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.task.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Rescues jobs whose owner is dead, where this node leads; Oban's <em>lifeline</em>, by heartbeat and not by age. Thread-safe.
 *
 * <p>Silence proves nothing while nobody can be heard: after an outage of the database, or while it stands still, every owner has been
 * silent. So owners count as dead only when this node itself has looked for as long as they were silent, turn after turn, and no look
 * had to wait for long. A step of the database's clock, by which silence is measured, makes everybody look silent as well; so the watch
 * begins anew when that clock and this machine's differ in what they say has passed between two looks. Those that
 * do not lead look as well: the one that follows a dead leader need not begin to wait. There are two
 * looks to each sign of life, so that the dead are found soon after their time.
 */
public final class Lifeline implements Service {

    private static final System.Logger LOG = System.getLogger(Lifeline.class.getName());

    /** A dead owner's row must outlast what it may still commit. */
    private static final Duration MEMORY = Duration.ofHours(1);

    private static final Duration FORGET = Duration.ofMinutes(1);

    private final LifelineSettings settings;
    private final Rescuing rescuing;
    private final Notifier notifier;
    private final BooleanSupplier leads;
    private final Interval interval;
    private final Watch watch;
    private final LastDone forgotten = new LastDone();
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
        Suspicion suspicion = look();
        if (leads.getAsBoolean() && watch.unbroken().compareTo(settings.rescueAfter()) >= 0) {
            rescue(suspicion);
        }
    }

    private Suspicion look() {
        try {
            Suspicion suspicion = leads.getAsBoolean() ? lookForOrphans() : lookOnly();
            watch.looked(suspicion.at());
            return suspicion;
        } catch (RuntimeException deaf) {
            watch.broken();
            throw deaf;
        }
    }

    private Suspicion lookOnly() {
        return new Suspicion(rescuing.look(), false, false);
    }

    private Suspicion lookForOrphans() {
        Suspicion suspicion = rescuing.look(settings.rescueAfter(), settings.rescueUnknownAfter());
        if (forgotten.until(FORGET).isZero()) {
            long now = System.nanoTime();
            rescuing.forget(MEMORY.compareTo(settings.rescueAfter()) > 0 ? MEMORY : settings.rescueAfter());
            forgotten.done(now);
        }
        return suspicion;
    }

    void rescue() {
        rescue(new Suspicion(Optional.empty(), true, true));
    }

    private void rescue(Suspicion suspicion) {
        List<Rescued> rescued = new ArrayList<>();
        int deaths = settings.maxDeaths();
        try {
            Separately.run(
                    () -> rescue(suspicion.silent(), silent, rescuing.silent(settings.rescueAfter(), deaths), rescued),
                    () -> rescue(
                            suspicion.unknown(),
                            unknown,
                            rescuing.unknown(settings.rescueUnknownAfter(), deaths),
                            rescued));
        } finally {
            rescued.forEach(Lifeline::tell);
            rescued.stream()
                    .filter(job -> job.state() == JobState.AVAILABLE)
                    .map(Rescued::queue)
                    .distinct()
                    .forEach(notifier::announce);
        }
    }

    private static void rescue(boolean any, Sieve sieve, Batch<List<Rescued>> batch, List<Rescued> rescued) {
        if (any) {
            sieve.pass(batch, rescued::addAll);
        }
    }

    private static void tell(Rescued job) {
        LOG.log(
                System.Logger.Level.WARNING,
                "The node that ran job %d of queue %s is dead; the job is now %s"
                        .formatted(job.id(), job.queue(), job.state().label()));
    }
}
