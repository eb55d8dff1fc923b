package dev.kerrera.telemetry;

import java.util.List;

/**
 * This node hears other nodes now, or no longer; Oban's {@code notifier:switch}.
 *
 * @param status how far it hears
 * @param nodes the names of the nodes it hears, itself included, in alphabetical order
 * @param reason what that means, in words
 */
public record ConnectivitySwitched(Connectivity status, List<String> nodes, String reason) implements KerreraEvent {

    public ConnectivitySwitched {
        nodes = List.copyOf(nodes);
    }
}
