package dev.kerrera.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations written as ISO-8601 ({@code PT10S}) or in short ({@code 10s}). */
public final class Durations {

    private static final Pattern SHORT = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));

    private Durations() {}

    /** The duration, if the text is one and more than zero. */
    public static Optional<Duration> positive(String text) {
        return parse(text).filter(duration -> !duration.isZero() && !duration.isNegative());
    }

    static Optional<Duration> parse(String text) {
        Matcher matcher = SHORT.matcher(text.strip().toLowerCase(Locale.ROOT));
        try {
            if (matcher.matches()) {
                Duration unit = UNITS.getOrDefault(matcher.group(2), Duration.ZERO);
                return Optional.of(unit.multipliedBy(Long.parseLong(matcher.group(1))));
            }
            return Optional.of(Duration.parse(text.strip()));
        } catch (DateTimeParseException | ArithmeticException unreadable) {
            return Optional.empty();
        }
    }
}
