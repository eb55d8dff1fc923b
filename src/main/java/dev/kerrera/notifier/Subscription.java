package dev.kerrera.notifier;

/**
 * A listener that was set on a channel while the node runs. It lasts until it is closed, or the node stops.
 *
 * <p>When {@code close} has returned no message is handed to the listener any more; one that is being handed over is not waited for.
 * The node hears the channel no longer when nobody else wants it. Closing again does nothing. Thread-safe.
 */
public final class Subscription implements AutoCloseable {

    private final String channel;
    private final Runnable ending;
    private boolean closed; // guarded by this

    Subscription(String channel, Runnable ending) {
        this.channel = channel;
        this.ending = ending;
    }

    /** The channel's name without prefix. */
    public String channel() {
        return channel;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            ending.run();
        }
    }
}
