package dev.kerrera;

import dev.kerrera.config.Settings;
import dev.kerrera.db.DatabaseException;
import dev.kerrera.db.migration.Migrator;
import dev.kerrera.db.migration.SchemaException;
import dev.kerrera.db.migration.SchemaRefusedException;
import dev.kerrera.db.migration.SchemaStatus;
import dev.kerrera.queue.Queues;
import dev.kerrera.task.Interval;
import dev.kerrera.task.Randomness;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The order in which a node starts and stops: schema, queues, upkeep; and back again. Start and stop are idempotent; thread-safe.
 *
 * <p>A schema that Kerrera must not work with fails the start. A database that cannot be reached does not: the server starts, and
 * the node goes on as soon as the database is there.
 */
public final class Lifecycle {

    private static final System.Logger LOG = System.getLogger(Lifecycle.class.getName());
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(2);

    private final Settings settings;
    private final Migrator migrator;
    private final Queues queues;
    private final Upkeep upkeep;
    private final ScheduledExecutorService timer;
    private final Interval retry;
    private boolean stopping; // guarded by this
    private volatile boolean working;
    private volatile NodeStatus status = new NodeStatus(false, "not started");

    Lifecycle(Settings settings, Migrator migrator, Queues queues, Upkeep upkeep, ScheduledExecutorService timer) {
        this.settings = settings;
        this.migrator = migrator;
        this.queues = queues;
        this.upkeep = upkeep;
        this.timer = timer;
        this.retry = new Interval("The start of Kerrera", RETRY_INTERVAL, this::startAgain, Randomness.PER_THREAD);
    }

    /** How far the start has come. */
    public NodeStatus status() {
        return status;
    }

    /** Whether jobs are being run. */
    boolean working() {
        return working;
    }

    /**
     * Starts the node, or has it start as soon as the database can be reached.
     *
     * @throws SchemaRefusedException when the tables are not ones Kerrera may work with
     */
    void start() {
        if (!settings.enabled()) {
            status = new NodeStatus(true, "kerrera.enabled is false");
            return;
        }
        warnOfLongStops();
        if (!startNow()) {
            retry.start(timer);
        }
    }

    /** A server does not wait for ever, and what it cuts off stays executing until it counts as dead. */
    private void warnOfLongStops() {
        Duration longest = Queues.longestStop(settings.shutdownGracePeriod()).plus(Upkeep.longestStop());
        if (longest.compareTo(settings.stopWindow()) > 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A stop may take %s, kerrera.shutdown-grace-period and a little, but the server waits for %s, kerrera.stop-window: shorten the former, or raise stopTimeout of the server's applicationManager and tell so by the latter"
                            .formatted(longest, settings.stopWindow()));
        }
    }

    /** Returns when no job runs any more, or the grace period is over. */
    void stop() {
        retry.stop();
        synchronized (this) {
            stopping = true;
            working = false;
            upkeep.stop();
            queues.stop(settings.shutdownGracePeriod());
            status = new NodeStatus(false, "stopped");
        }
    }

    private void startAgain() {
        if (startNow()) {
            retry.stop();
        }
    }

    private synchronized boolean startNow() {
        if (working || stopping) {
            return true;
        }
        try {
            SchemaStatus.Ready schema = settings.migration().enabled()
                    ? migrator.migrate()
                    : migrator.verify().orElseThrow();
            queues.start(timer);
            upkeep.start(timer);
            working = true;
            status = new NodeStatus(true, schema.describe());
            LOG.log(
                    System.Logger.Level.INFO,
                    "Kerrera works %s as %s: %s"
                            .formatted(settings.queues().keySet(), settings.ident(), schema.describe()));
            return true;
        } catch (SchemaRefusedException refused) {
            status = new NodeStatus(false, String.valueOf(refused.getMessage()));
            throw refused;
        } catch (SchemaException | DatabaseException unreachable) {
            if (!status.reason().equals(String.valueOf(unreachable.getMessage()))) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Kerrera starts as soon as the database can be reached: " + unreachable.getMessage());
            }
            status = new NodeStatus(false, String.valueOf(unreachable.getMessage()));
            return false;
        }
    }
}
