package dev.kerrera.telemetry;

/** How far a node hears the others; the status of Oban's {@code Oban.Notifier.status}. */
public enum Connectivity {
    /** Nothing is known yet, or notifications are off. */
    UNKNOWN,
    /** The node hears nobody, not even itself: its notifications do not come through. */
    ISOLATED,
    /** The node hears itself and no other. */
    SOLITARY,
    /** The node hears others. */
    CLUSTERED
}
