package dev.kerrera.queue;

import dev.kerrera.config.QueueSettings;
import dev.kerrera.config.Settings;
import dev.kerrera.engine.LastingOrders;
import dev.kerrera.notifier.Channel;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.notifier.Signals;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Gives orders to queues of whatever node, once the caller's transaction has committed; a lasting one is part of that transaction.
 * Thread-safe.
 */
public final class QueueControl {

    private final Settings settings;
    private final LastingOrders lasting;
    private final Notifier notifier;
    private final Queues queues;

    public QueueControl(Settings settings, LastingOrders lasting, Notifier notifier, Queues queues) {
        this.settings = settings;
        this.lasting = lasting;
        this.notifier = notifier;
        this.queues = queues;
    }

    /** Has a queue take no more jobs. */
    public void pause(String queue, QueueScope scope) {
        requireName(queue);
        requireHere(queue, scope);
        pause(queue, scope, true);
    }

    /** Has a queue take jobs again. */
    public void resume(String queue, QueueScope scope) {
        requireName(queue);
        requireHere(queue, scope);
        pause(queue, scope, false);
    }

    /** Has all queues take no more jobs. */
    public void pauseAll(QueueScope scope) {
        pause(Signals.ALL_QUEUES, scope, true);
    }

    /** Has all queues take jobs again. */
    public void resumeAll(QueueScope scope) {
        pause(Signals.ALL_QUEUES, scope, false);
    }

    /** Has a queue run so many jobs at once. */
    public void scale(String queue, int limit, QueueScope scope) {
        requireName(queue);
        requirePositive(limit, "pause or stop the queue instead");
        requireHere(queue, scope);
        String node = scope.node(settings);
        if (scope.isLasting()) {
            lasting.scale(settings.name(), queue, node, limit);
        }
        String ident = scope.ident(settings);
        notifier.publish(
                Channel.SIGNAL,
                scope.isOneNode() ? Signals.scale(queue, limit, ident, node) : Signals.scale(queue, limit, ident));
    }

    /** Has a queue begin where it does not run. */
    public void start(QueueStart start, QueueScope scope) {
        requireName(start.queue());
        requirePositive(start.limit(), "leave the queue stopped instead");
        refuseLasting(scope, "started");
        String ident = scope.ident(settings);
        notifier.publish(
                Channel.SIGNAL,
                start.paused()
                        ? Signals.start(start.queue(), start.limit(), true, ident)
                        : Signals.start(start.queue(), start.limit(), ident));
    }

    /** Has a queue end. */
    public void stop(String queue, QueueScope scope) {
        requireName(queue);
        refuseLasting(scope, "stopped");
        requireHere(queue, scope);
        notifier.publish(Channel.SIGNAL, Signals.stop(queue, scope.ident(settings)));
    }

    /** A queue of this node as it is now, if it runs here. */
    public Optional<QueueStatus> check(String queue) {
        requireName(queue);
        return queues.status().stream()
                .filter(status -> status.queue().equals(queue))
                .findFirst();
    }

    /** The queues of this node as they are now, by name. */
    public List<QueueStatus> checkAll() {
        return queues.status();
    }

    private void pause(String queue, QueueScope scope, boolean paused) {
        if (scope.isLasting()) {
            lasting.pause(settings.name(), queue, scope.node(settings), paused);
        }
        String ident = scope.ident(settings);
        notifier.publish(Channel.SIGNAL, paused ? Signals.pause(queue, ident) : Signals.resume(queue, ident));
    }

    private void requireHere(String queue, QueueScope scope) {
        if (scope.isLocal() && check(queue).isEmpty()) {
            throw new IllegalArgumentException(
                    "queue %s does not run on this node: start it, or address the nodes where it does"
                            .formatted(queue));
        }
    }

    private static void requireName(String queue) {
        if (!QueueSettings.isName(Objects.requireNonNull(queue, "queue"))) {
            throw new IllegalArgumentException(
                    "queue must be the name of one queue, 1 to 127 characters other than *, was '%s'".formatted(queue));
        }
    }

    private static void requirePositive(int limit, String remedy) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, was %d: %s".formatted(limit, remedy));
        }
    }

    private static void refuseLasting(QueueScope scope, String done) {
        if (scope.isLasting()) {
            throw new IllegalArgumentException(
                    "a queue cannot be %s for good: which queues a node works after its next start is said by kerrera.queues"
                            .formatted(done));
        }
    }
}
