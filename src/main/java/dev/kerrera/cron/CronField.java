package dev.kerrera.cron;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One of the five fields: which values it may name, and how it is read into a set of them, bit {@code n} for value {@code n}. */
enum CronField {
    MINUTE("minute", 0, 59, List.of()),
    HOUR("hour", 0, 23, List.of()),
    DAY("day of the month", 1, 31, List.of()),
    MONTH("month", 1, 12, List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")),
    WEEKDAY("weekday", 0, 6, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

    /** {@code *}, {@code N} or {@code A-B}, and a step of 1 to 99. Only ASCII digits. */
    private static final Pattern PART = Pattern.compile("(?:(\\*)|([0-9]+)(?:-([0-9]+))?)(?:/([1-9][0-9]?))?");

    private final String label;
    private final int least;
    private final int most;
    private final List<String> names;

    CronField(String label, int least, int most, List<String> names) {
        this.label = label;
        this.least = least;
        this.most = most;
        this.names = names;
    }

    /** The set of all values. */
    long all() {
        return values(least, most, 1);
    }

    long parse(String text) {
        long set = 0;
        for (String part : numbered(text).split(",", -1)) {
            set |= part(part, text);
        }
        return set;
    }

    /** As Oban does: each name is replaced wherever it stands. */
    private String numbered(String text) {
        String numbered = text;
        for (int i = 0; i < names.size(); i++) {
            numbered = numbered.replace(names.get(i), String.valueOf(least + i));
        }
        return numbered;
    }

    private long part(String part, String text) {
        Matcher matcher = PART.matcher(part);
        if (!matcher.matches()) {
            throw mistake(text, "'%s' is not understood: write %s".formatted(part, forms()));
        }
        int step = matcher.group(4) == null ? 1 : Integer.parseInt(matcher.group(4));
        if (matcher.group(1) != null) {
            return values(least, most, step);
        }
        int from = number(matcher.group(2), text);
        if (matcher.group(3) != null) {
            int to = number(matcher.group(3), text);
            if (from > to) {
                throw mistake(
                        text,
                        "the range %d-%d runs backwards: write two ranges, joined by a comma".formatted(from, to));
            }
            return values(from, to, step);
        }
        return values(from, matcher.group(4) == null ? from : most, step);
    }

    private int number(String digits, String text) {
        String significant = digits.replaceFirst("^0+(?=[0-9])", "");
        int number = significant.length() > 3 ? Integer.MAX_VALUE : Integer.parseInt(significant);
        if (number < least || number > most) {
            String remedy =
                    this == WEEKDAY && number == 7 ? "Sunday is 0" : "values are %d to %d".formatted(least, most);
            throw mistake(text, "%s is out of range: %s".formatted(digits, remedy));
        }
        return number;
    }

    private String forms() {
        String forms =
                "*, a number, a range such as %d-%d, or one of them with a step of 1 to 99 such as */5, joined by commas"
                        .formatted(least, least + 2);
        return names.isEmpty()
                ? forms
                : forms + "; names are %s to %s in capitals".formatted(names.get(0), names.get(names.size() - 1));
    }

    private CronSyntaxException mistake(String text, String what) {
        return new CronSyntaxException("the %s '%s' is wrong: %s".formatted(label, text, what));
    }

    private static long values(int from, int to, int step) {
        long set = 0;
        for (int value = from; value <= to; value += step) {
            set |= 1L << value;
        }
        return set;
    }
}
