package dev.kerrera.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Typed access to raw values that notes every mistake instead of stopping at the first. */
final class Values {

    /** Longer ones cannot be counted in nanoseconds, as timers do. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** A loop that turns more often does nothing else. */
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(10);

    private final Function<String, Optional<String>> source;
    private final Set<String> problems = new LinkedHashSet<>();

    Values(Function<String, Optional<String>> source) {
        this.source = source;
    }

    Optional<String> text(Key key) {
        return text(key.key());
    }

    Optional<String> text(String name) {
        try {
            return source.apply(name).map(String::strip).filter(text -> !text.isEmpty());
        } catch (IllegalArgumentException unreadable) {
            problem(String.valueOf(unreadable.getMessage()));
            return Optional.empty();
        }
    }

    boolean flag(Key key) {
        return flag(key.key(), text(key).orElse(key.defaultText()));
    }

    boolean flag(String name, String text) {
        if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
            problem(name, text, "must be true or false");
        }
        return Boolean.parseBoolean(text);
    }

    /** One of the constants, spelled in kebab-case. */
    <E extends Enum<E>> E choice(Key key, Class<E> type) {
        String text = text(key).orElse(key.defaultText());
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String name = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (name.equals(text)) {
                return constant;
            }
            names.add(name);
        }
        problem(key.key(), text, "must be one of " + String.join(", ", names));
        return type.getEnumConstants()[0];
    }

    Duration duration(Key key) {
        return duration(key, Duration.ZERO);
    }

    Duration interval(Key key) {
        return duration(key, SHORTEST_INTERVAL);
    }

    private Duration duration(Key key, Duration least) {
        String text = text(key).orElse(key.defaultText());
        Optional<Duration> parsed = Durations.parse(text).filter(duration -> !duration.isNegative());
        if (parsed.isEmpty()) {
            problem(key.key(), text, "must be a duration such as 500ms, 10s, 5m or PT10S");
        } else if (parsed.get().compareTo(LONGEST) > 0) {
            problem(key.key(), text, "must be at most %dd".formatted(LONGEST.toDays()));
        } else if (parsed.get().compareTo(least) < 0) {
            problem(key.key(), text, "must be at least %d ms".formatted(least.toMillis()));
        }
        return parsed.orElse(Duration.ZERO);
    }

    int number(Key key, int least) {
        return number(key.key(), text(key).orElse(key.defaultText()), least);
    }

    int number(String name, String text, int least) {
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException notNumeric) {
            // told below, like a number out of range
        }
        problem(name, text, "must be a whole number of at least " + least);
        return least;
    }

    void problem(String name, String value, String remedy) {
        problems.add("%s %s, was '%s'".formatted(name, remedy, value));
    }

    void problem(String sentence) {
        problems.add(sentence);
    }

    List<String> problems() {
        return List.copyOf(problems);
    }
}
