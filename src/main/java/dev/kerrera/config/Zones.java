package dev.kerrera.config;

import java.time.ZoneId;
import java.util.Optional;

/** Finds time zones by the names of the tz database. */
public final class Zones {

    private Zones() {}

    /** The zone of that name, if there is one. Offsets such as {@code +02:00} are none: they do not know summer. */
    public static Optional<ZoneId> find(String name) {
        return ZoneId.getAvailableZoneIds().contains(name) ? Optional.of(ZoneId.of(name)) : Optional.empty();
    }

    /** What a zone must be, as a remedy for a name that is none. */
    public static String remedy(String name) {
        return "must be a time zone such as Etc/UTC or Europe/Berlin"
                + Suggestions.nearest(
                                name,
                                ZoneId.getAvailableZoneIds().stream().sorted().toList())
                        .map(nearest -> " (did you mean " + nearest + "?)")
                        .orElse("");
    }
}
