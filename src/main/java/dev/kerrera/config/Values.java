package dev.kerrera.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Typed access to raw values that notes every mistake instead of stopping at the first. */
final class Values {

    private final Function<String, Optional<String>> source;
    private final List<String> problems = new ArrayList<>();

    Values(Function<String, Optional<String>> source) {
        this.source = source;
    }

    Optional<String> text(Key key) {
        return text(key.key());
    }

    Optional<String> text(String name) {
        return source.apply(name).map(String::strip).filter(text -> !text.isEmpty());
    }

    boolean flag(Key key) {
        String text = text(key).orElse(key.defaultText());
        if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
            problem(key.key(), text, "must be true or false");
        }
        return Boolean.parseBoolean(text);
    }

    Duration duration(Key key) {
        String text = text(key).orElse(key.defaultText());
        Optional<Duration> parsed = Durations.parse(text).filter(duration -> !duration.isNegative());
        if (parsed.isEmpty()) {
            problem(key.key(), text, "must be a duration such as 500ms, 10s, 5m or PT10S");
        }
        return parsed.orElse(Duration.ZERO);
    }

    Duration interval(Key key) {
        Duration duration = duration(key);
        if (duration.isZero() && text(key).isPresent()) {
            problem(key.key(), text(key).orElse(""), "must be longer than zero");
        }
        return duration;
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
