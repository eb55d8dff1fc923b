package dev.kerrera.notifier;

/**
 * How the node hears of new jobs.
 *
 * @param state whether notifications are heard
 * @param reason why, in words
 */
public record ListenerStatus(State state, String reason) {

    /** Whether notifications are heard. */
    public enum State {
        /** The listening connection is up. */
        LISTENING,
        /** The listening connection is down and being opened again; polling finds the work meanwhile. */
        DISCONNECTED,
        /** Notifications are switched off; polling finds the work. */
        POLLING,
        /** Not started, or stopped. */
        STOPPED
    }
}
