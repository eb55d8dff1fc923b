package dev.kerrera;

import dev.kerrera.config.Settings;
import dev.kerrera.db.migration.Migrator;
import dev.kerrera.db.migration.SchemaException;
import dev.kerrera.db.migration.SchemaRefusedException;
import dev.kerrera.db.migration.SchemaStatus;
import dev.kerrera.maintenance.Stager;
import dev.kerrera.queue.Queues;
import dev.kerrera.task.Patience;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The order in which a node starts and stops: schema, queues, upkeep; and back again. Start and stop are idempotent; thread-safe.
 *
 * <p>A schema that Kerrera must not work with fails the start. A database that cannot be reached does not: the server starts, and
 * the node goes on as soon as the database is there.
 */
public final class Lifecycle {

    private static final System.Logger LOG = System.getLogger(Lifecycle.class.getName());

    private final Settings settings;
    private final Migrator migrator;
    private final Queues queues;
    private final Stager stager;
    private final Executor executor;
    private final Patience patience;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile boolean working;
    private volatile NodeStatus status = new NodeStatus(false, "not started");

    Lifecycle(
            Settings settings, Migrator migrator, Queues queues, Stager stager, Executor executor, Patience patience) {
        this.settings = settings;
        this.migrator = migrator;
        this.queues = queues;
        this.stager = stager;
        this.executor = executor;
        this.patience = patience;
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
        } else if (!startNow()) {
            executor.execute(this::startWhenPossible);
        }
    }

    /** Returns when no job runs any more, or the grace period is over. */
    void stop() {
        stopping.countDown();
        synchronized (this) {
            working = false;
            stager.stop();
            queues.stop(settings.shutdownGracePeriod());
            status = new NodeStatus(false, "stopped");
        }
    }

    private void startWhenPossible() {
        try {
            int failures = 1;
            while (!stopping.await(patience.after(failures++).toMillis(), TimeUnit.MILLISECONDS)) {
                if (startNow()) {
                    return;
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (SchemaRefusedException refused) {
            LOG.log(System.Logger.Level.ERROR, "Kerrera does not start: " + refused.getMessage());
        }
    }

    private synchronized boolean startNow() {
        if (working || stopping.getCount() == 0) {
            return true;
        }
        try {
            SchemaStatus.Ready schema =
                    settings.migrate() ? migrator.migrate() : migrator.verify().orElseThrow();
            queues.start();
            stager.start(executor);
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
        } catch (SchemaException unreachable) {
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
