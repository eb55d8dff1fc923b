package dev.kerrera.notifier;

import dev.kerrera.config.Settings;
import dev.kerrera.task.LoopStatus;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Starts and stops the listen loop and tells how it is. Start and stop are idempotent; thread-safe. */
public final class Listening {

    private static final System.Logger LOG = System.getLogger(Listening.class.getName());
    private static final ListenerStatus STOPPED = new ListenerStatus(ListenerStatus.State.STOPPED, "not started");

    private final Settings settings;
    private final ListenLoop loop;
    private final Publisher publisher;
    private final Executor executor;
    private @Nullable ListenLoop running; // guarded by this

    Listening(Settings settings, ListenLoop loop, Publisher publisher, Executor executor) {
        this.settings = settings;
        this.loop = loop;
        this.publisher = publisher;
        this.executor = executor;
    }

    /** Whether notifications are heard, and why not. */
    public ListenerStatus status() {
        if (settings.enabled() && !settings.notifier().listens()) {
            return Notifier.polling();
        }
        ListenLoop current = running();
        return current == null ? STOPPED : current.status();
    }

    /** How the listen loop is doing; empty when none runs. */
    public Optional<LoopStatus> loop() {
        return Optional.ofNullable(running()).map(ListenLoop::loop);
    }

    synchronized void start() {
        if (running == null && settings.enabled() && settings.notifier().listens()) {
            running = loop;
            executor.execute(loop);
        }
    }

    /** Returns when nothing listens or sends any more and the connections are closed. */
    void stop() {
        ListenLoop current = running();
        try {
            if (current != null) {
                current.stop();
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            LOG.log(System.Logger.Level.WARNING, "The stop was interrupted before the listen loop had ended");
        } finally {
            publisher.stop();
        }
    }

    private synchronized @Nullable ListenLoop running() {
        return running;
    }
}
