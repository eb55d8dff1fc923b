package dev.kerrera.cron;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cron expression in Oban's grammar; Oban: {@code Oban.Cron.Expression}. Immutable and thread-safe; equal when the texts are.
 *
 * <p>Five fields apart by white space: minute 0–59, hour 0–23, day of the month 1–31, month 1–12 or {@code JAN}–{@code DEC},
 * weekday 0–6 or {@code SUN}–{@code SAT} with 0 for Sunday. A field is a list, joined by commas, of {@code *}, {@code N}, {@code A-B},
 * {@code *}{@code /S}, {@code A-B/S} or {@code A/S}, where a step is 1 to 99. All five must match. Or one of {@code @yearly}, {@code
 * @annually}, {@code @monthly}, {@code @weekly}, {@code @daily}, {@code @midnight}, {@code @hourly}, and {@code @reboot}, which names
 * no instant at all.
 */
public final class CronExpression {

    private static final String REBOOT = "@reboot";

    private static final Map<String, String> NICKNAMES = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");

    private final String text;
    private final @Nullable CronFields fields; // null for @reboot
    private final List<LocalTime> times;

    private CronExpression(String text, @Nullable CronFields fields) {
        this.text = text;
        this.fields = fields;
        this.times = fields == null ? List.of() : fields.times();
    }

    /**
     * Reads an expression.
     *
     * @throws CronSyntaxException when it is none, with the field and the remedy
     */
    public static CronExpression parse(String text) {
        if (text.equals(REBOOT)) {
            return new CronExpression(text, null);
        }
        if (text.startsWith("@")) {
            String meaning = NICKNAMES.get(text);
            if (meaning == null) {
                throw new CronSyntaxException(
                        "the nickname '%s' is unknown: there are @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly and @reboot"
                                .formatted(text));
            }
            return new CronExpression(text, CronFields.parse(meaning.split(" ")));
        }
        return new CronExpression(text, CronFields.parse(split(text)));
    }

    private static String[] split(String text) {
        String[] fields = text.replaceFirst("^\\s+", "").split("\\s+", -1);
        if (fields.length > 1 && fields[fields.length - 1].isEmpty()) {
            throw new CronSyntaxException("white space after the last field is not allowed: remove it");
        }
        if (fields.length != 5) {
            throw new CronSyntaxException(
                    "there must be five fields, minute hour day month weekday, such as '0 6 * * MON-FRI'; there are "
                            + (text.isBlank() ? 0 : fields.length));
        }
        return fields;
    }

    /** The text it was read from. */
    public String text() {
        return text;
    }

    /** Whether it is {@code @reboot}: due once after each start, and at no instant. */
    public boolean isReboot() {
        return fields == null;
    }

    /** The instants after the first moment and up to the second one, that one included; ascending. */
    public List<Instant> between(Instant after, Instant until, ZoneId zone) {
        return fields == null ? List.of() : new LocalDays(fields, times, zone).between(after, until);
    }

    /** The first instant strictly after a moment; empty for {@code @reboot}. */
    public Optional<Instant> next(Instant after, ZoneId zone) {
        return fields == null ? Optional.empty() : new LocalDays(fields, times, zone).after(after);
    }

    /** The last instant strictly before a moment; empty for {@code @reboot}. */
    public Optional<Instant> last(Instant before, ZoneId zone) {
        return fields == null ? Optional.empty() : new LocalDays(fields, times, zone).before(before);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CronExpression expression && text.equals(expression.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The text it was read from. */
    @Override
    public String toString() {
        return text;
    }
}
