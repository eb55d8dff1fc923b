package dev.kerrera.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings of every instance of an application.
 *
 * @param main the instance that is meant where none is named
 * @param named the others by the names of {@code kerrera.instances}, in that order
 */
public record Instances(Settings main, Map<String, Settings> named) {

    private static final Pattern MAIN_KEY = Pattern.compile("(?<![\\w.])kerrera\\.(?!instances?\\b)");

    public Instances {
        named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
    }

    /** One instance alone. */
    public static Instances only(Settings main) {
        return new Instances(main, Map.of());
    }

    /** A sentence about keys of the main instance, said of those of a named one. */
    public static String of(String instance, String sentence) {
        return MAIN_KEY.matcher(sentence).replaceAll("kerrera.instance." + instance + ".");
    }

    /** The queues that any of them knows. */
    public Set<String> queues() {
        return Stream.concat(Stream.of(main), named.values().stream())
                .flatMap(settings -> settings.queues().keySet().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
