package dev.kerrera.maintenance;

import dev.kerrera.config.PrunerSettings;
import dev.kerrera.engine.Pruning;
import dev.kerrera.job.JobState;
import dev.kerrera.task.LastDone;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.task.Service;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Deletes jobs some time after they ended, where this node leads; Oban's <em>pruner</em>. Each state on its own, and a row that cannot be
 * deleted is left behind alone. Thread-safe.
 */
public final class Pruner implements Service {

    private static final System.Logger LOG = System.getLogger(Pruner.class.getName());

    /** A statement that deletes more holds its locks, and the rows' dead versions, for longer than anybody likes. */
    private static final int CHUNK = 10_000;

    private static final String COMPLAINT = "ended long ago, but its row cannot be deleted";

    private static final Duration WARN_AGAIN = Duration.ofHours(1);

    private final PrunerSettings settings;
    private final Pruning pruning;
    private final Duty duty;
    private final LastDone warned = new LastDone();
    private final Sieve completed = new Sieve(COMPLAINT);
    private final Sieve cancelled = new Sieve(COMPLAINT);
    private final Sieve discarded = new Sieve(COMPLAINT);

    Pruner(PrunerSettings settings, BooleanSupplier leads, Pruning pruning, RandomGenerator random) {
        this.settings = settings;
        this.pruning = pruning;
        this.duty = new Duty("The pruner", settings.interval(), leads, this::prune, random);
    }

    /** Begins to delete, unless it is switched off. */
    @Override
    public void start(ScheduledExecutorService timer) {
        if (settings.enabled()) {
            duty.start(timer);
        }
    }

    /** Deletes no more. */
    @Override
    public void stop() {
        duty.stop();
    }

    /** How its loop is doing. */
    @Override
    public LoopStatus loop() {
        return duty.status();
    }

    /** Whether it is to run at all. */
    @Override
    public boolean isEnabled() {
        return settings.enabled();
    }

    void prune() {
        Separately.run(
                () -> prune(JobState.COMPLETED, settings.completedAfter(), completed),
                () -> prune(JobState.CANCELLED, settings.cancelledAfter(), cancelled),
                () -> prune(JobState.DISCARDED, settings.discardedAfter(), discarded));
    }

    private void prune(JobState state, Duration age, Sieve sieve) {
        AtomicInteger pruned = new AtomicInteger();
        try {
            int before;
            do {
                before = pruned.get();
                sieve.pass(pruning.of(state, age, Math.min(CHUNK, settings.limit() - before)), pruned::addAndGet);
            } while (pruned.get() - before == CHUNK && pruned.get() < settings.limit());
        } finally {
            if (pruned.get() > 0) {
                LOG.log(System.Logger.Level.DEBUG, "%d %s jobs were deleted".formatted(pruned.get(), state.label()));
            }
        }
        if (pruned.get() >= settings.limit() && warned.until(WARN_AGAIN).isZero()) {
            warned.done(System.nanoTime());
            LOG.log(
                    System.Logger.Level.WARNING,
                    "As many %s jobs were deleted as kerrera.pruner.limit (%d) allows in one run; if that goes on, the table grows: raise it, or shorten kerrera.pruner.interval (%s)"
                            .formatted(state.label(), settings.limit(), settings.interval()));
        }
    }
}
