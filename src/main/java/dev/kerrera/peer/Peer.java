package dev.kerrera.peer;

import dev.kerrera.config.PeerSettings;
import dev.kerrera.config.Settings;
import dev.kerrera.db.DatabaseException;
import dev.kerrera.db.Jdbc;
import dev.kerrera.notifier.Channel;
import dev.kerrera.notifier.Messages;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.Interval;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.task.Nudge;
import dev.kerrera.task.Randomness;
import dev.kerrera.task.Service;
import dev.kerrera.telemetry.PeerElected;
import dev.kerrera.telemetry.Telemetry;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * One among the nodes of an instance name, of which one leads; Oban's <em>peer</em>. Thread-safe.
 *
 * <p>See the package for how a leader comes to be and ceases to be one.
 */
public final class Peer implements Service {

    private static final System.Logger LOG = System.getLogger(Peer.class.getName());

    private final PeerSettings settings;
    private final String name;
    private final Lease lease;
    private final Notifier notifier;
    private final Telemetry telemetry;
    private final Interval interval;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile long trustedUntil = System.nanoTime();
    private volatile boolean stopped;
    private boolean leading; // guarded by turn

    /** The peer of one instance. */
    public static Peer of(Settings settings, Jdbc jdbc, Notifier notifier, Telemetry telemetry) {
        Lease lease = new Lease(jdbc, settings.prefix(), settings.name(), settings.node());
        return new Peer(settings.peer(), settings.name(), lease, notifier, telemetry, Randomness.PER_THREAD);
    }

    Peer(
            PeerSettings settings,
            String name,
            Lease lease,
            Notifier notifier,
            Telemetry telemetry,
            RandomGenerator random) {
        this.settings = settings;
        this.name = name;
        this.lease = lease;
        this.notifier = notifier;
        this.telemetry = telemetry;
        this.interval = new Interval("The election", settings.interval(), this::elect, random);
    }

    /** Begins to stand for election. */
    @Override
    public void start(ScheduledExecutorService timer) {
        if (settings.enabled()) {
            Nudge again = new Nudge(this::elect, timer);
            notifier.subscribe(Channel.LEADER, message -> {
                if (message.getString("down", "").equals(name)) {
                    again.nudge();
                }
            });
            interval.start(timer);
        }
    }

    /** Stands no more. A leader gives its lease back and tells the others; an election under way does so when it is over. */
    @Override
    public void stop() {
        stopped = true;
        interval.cancel();
        try {
            if (turn.tryLock(1, TimeUnit.SECONDS)) {
                try {
                    stepDown();
                } finally {
                    turn.unlock();
                }
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Whether this node leads. Asked before every act of a leader, and answered without the database: yes for as long as the lease
     * was sure to last when it was last renewed, by a clock that goes on while everything else stands still.
     */
    public boolean leads() {
        return !stopped && System.nanoTime() - trustedUntil < 0;
    }

    /** The node that leads, as the table has it; empty when none does. */
    public Optional<String> leader() {
        return lease.holder();
    }

    /** Whether it stands for election at all. */
    @Override
    public boolean isEnabled() {
        return settings.enabled();
    }

    /** How the loop is doing. */
    @Override
    public LoopStatus loop() {
        return interval.status();
    }

    private void elect() {
        turn.lock();
        try {
            if (!stopped) {
                stand();
            }
            if (stopped) {
                stepDown();
            }
        } finally {
            turn.unlock();
        }
    }

    private void stand() {
        long asked = System.nanoTime();
        try {
            boolean taken = lease.take(settings.lease());
            trustedUntil = taken ? asked + settings.trust().toNanos() : asked;
            lead(taken);
        } catch (DatabaseException unreachable) {
            lead(leads());
            throw unreachable;
        }
    }

    private void stepDown() {
        if (leading) {
            lead(false);
            resign();
        }
    }

    private void lead(boolean now) {
        if (!now) {
            trustedUntil = System.nanoTime();
        }
        if (leading != now) {
            leading = now;
            telemetry.emit(new PeerElected(name, now));
        }
    }

    private void resign() {
        try {
            if (lease.resign()) {
                notifier.publish(Channel.LEADER, Messages.resignation(name));
            }
        } catch (DatabaseException unreachable) {
            LOG.log(System.Logger.Level.DEBUG, "The lease was not given back and runs out", unreachable);
        }
    }
}
