package dev.kerrera.telemetry;

/**
 * This node became the leader of its instance name, or is so no longer; Oban's {@code peer:election}, told on change only.
 *
 * @param name name of the instance
 * @param leading whether it leads now
 */
public record PeerElected(String name, boolean leading) implements KerreraEvent {}
