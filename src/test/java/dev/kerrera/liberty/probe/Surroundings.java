package dev.kerrera.liberty.probe;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a worker found around it, by job id. */
public final class Surroundings {

    private static final Map<Long, Map<String, String>> FOUND = new ConcurrentHashMap<>();

    private Surroundings() {}

    static void report(long job, Map<String, String> found) {
        FOUND.put(job, found);
    }

    public static Map<String, String> of(long job) {
        return FOUND.getOrDefault(job, Map.of());
    }
}
