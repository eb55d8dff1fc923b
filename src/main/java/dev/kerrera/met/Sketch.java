package dev.kerrera.met;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Durations counted in bins that are each two percent wide to both sides, so that quantiles can be told. Not thread-safe. */
final class Sketch {

    private static final double ERROR = 0.02;
    private static final double INVERSE_LOG_GAMMA = 1 / Math.log((1 + ERROR) / (1 - ERROR));

    private final Map<Integer, Integer> bins = new TreeMap<>();
    private int size;

    /** One more; what took no time counts as a nanosecond. */
    void add(Duration duration) {
        double nanos = Math.max(1, duration.toNanos());
        bins.merge((int) Math.ceil(Math.log(nanos) * INVERSE_LOG_GAMMA), 1, Integer::sum);
        size++;
    }

    JsonObject toJson() {
        JsonObjectBuilder data = Json.createObjectBuilder();
        bins.forEach((bin, count) -> data.add(bin.toString(), count));
        return Json.createObjectBuilder().add("data", data).add("size", size).build();
    }
}
