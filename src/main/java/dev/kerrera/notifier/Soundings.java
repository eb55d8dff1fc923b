package dev.kerrera.notifier;

import dev.kerrera.telemetry.Connectivity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which nodes were heard when, what follows from it, and when to ping next. Not thread-safe. */
final class Soundings {

    private static final Duration SHORTEST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration SILENCE = Duration.ofSeconds(120);
    private static final int MOST_NODES = 1_000;

    private final String self;
    private final Map<String, Long> lastHeard = new TreeMap<>();
    private Connectivity status = Connectivity.UNKNOWN;
    private Duration interval = SHORTEST;

    Soundings(String self) {
        this.self = self;
    }

    Connectivity status() {
        return status;
    }

    /** The nodes that were heard lately, in alphabetical order. */
    List<String> nodes() {
        return List.copyOf(lastHeard.keySet());
    }

    /** How long it is from one ping to the next. */
    Duration interval() {
        return interval;
    }

    /**
     * A node was heard.
     *
     * @param now nanoseconds of a clock that only goes forward
     */
    void heard(String node, long now) {
        if (node.equals(self) || lastHeard.containsKey(node) || lastHeard.size() < MOST_NODES) {
            lastHeard.put(node, now);
            status = judged();
        }
    }

    /** It is time to ping: who has been silent for too long is forgotten, and the less changes the later is the next ping. */
    void turn(long now) {
        Connectivity before = status;
        boolean forgot = lastHeard.values().removeIf(last -> now - last > SILENCE.toNanos());
        status = judged();
        interval = forgot || status != before ? SHORTEST : shorter(interval.multipliedBy(2), longest());
    }

    private Connectivity judged() {
        if (lastHeard.isEmpty()) {
            return Connectivity.ISOLATED;
        }
        boolean alone = lastHeard.size() == 1 && lastHeard.containsKey(self);
        return alone ? Connectivity.SOLITARY : Connectivity.CLUSTERED;
    }

    private Duration longest() {
        return switch (status) {
            case CLUSTERED -> shorter(SHORTEST.multipliedBy(lastHeard.size()), LONGEST);
            case SOLITARY -> LONGEST;
            default -> SHORTEST;
        };
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
