package dev.kerrera.notifier;

import dev.kerrera.config.Settings;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.task.Threads;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts and stops the listen loop and tells how it is. Start and stop are idempotent; thread-safe. */
public final class Listening {

    private static final System.Logger LOG = System.getLogger(Listening.class.getName());
    private static final ListenerStatus STOPPED = new ListenerStatus(ListenerStatus.State.STOPPED, "not started");
    private static final ListenerStatus POLLING =
            new ListenerStatus(ListenerStatus.State.POLLING, "kerrera.notifier.mode is poll");

    private final Settings settings;
    private final ListenLoop loop;
    private final Sonar sonar;
    private final Publisher publisher;
    private final Threads threads;
    private @Nullable ListenLoop running; // guarded by this

    Listening(Settings settings, ListenLoop loop, Sonar sonar, Publisher publisher, Threads threads) {
        this.settings = settings;
        this.loop = loop;
        this.sonar = sonar;
        this.publisher = publisher;
        this.threads = threads;
    }

    /** Whether notifications are heard, and why not. */
    public ListenerStatus status() {
        if (settings.enabled() && !settings.notifier().listens()) {
            return POLLING;
        }
        ListenLoop current = running();
        return current == null ? STOPPED : current.status();
    }

    /** Who hears whom. */
    public Sonar sonar() {
        return sonar;
    }

    /** How the listen loop and the sonar are doing; nothing when they do not run. */
    public List<LoopStatus> loops() {
        ListenLoop current = running();
        return current == null ? List.of() : List.of(current.loop(), sonar.loop());
    }

    synchronized void start() {
        if (running == null && settings.enabled() && settings.notifier().listens()) {
            running = loop;
            threads.execute(loop);
            sonar.start(threads.timer());
        }
    }

    /** Returns when nothing listens or sends any more and the connections are closed. */
    void stop() {
        ListenLoop current = running();
        sonar.stop();
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
