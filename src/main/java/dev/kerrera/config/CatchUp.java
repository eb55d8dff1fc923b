package dev.kerrera.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many of the times that a cron entry missed are made up for, the latest ones: none ({@code skip}), one ({@code once}) or several
 * ({@code all(n)}).
 *
 * @param most how many at most
 */
public record CatchUp(int most) {

    /** What a catch-up must be, as a remedy. */
    public static final String REMEDY = "must be skip, once, or all(n) with n from 1 to 1000";

    private static final Pattern ALL = Pattern.compile("all\\(([1-9][0-9]{0,2}|1000)\\)");

    /** The catch-up, if the text is one. */
    public static Optional<CatchUp> parse(String text) {
        Matcher all = ALL.matcher(text);
        return switch (text) {
            case "skip" -> Optional.of(new CatchUp(0));
            case "once" -> Optional.of(new CatchUp(1));
            default -> all.matches() ? Optional.of(new CatchUp(Integer.parseInt(all.group(1)))) : Optional.empty();
        };
    }
}
