package dev.kerrera.cron;

import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Month;
import java.util.ArrayList;
import java.util.List;

/** The values an expression names, a set of bits for each field. */
record CronFields(long minutes, long hours, long days, long months, long weekdays) {

    private static final String ANY = "*";

    static CronFields parse(String[] texts) {
        CronFields fields = new CronFields(
                CronField.MINUTE.parse(texts[0]),
                CronField.HOUR.parse(texts[1]),
                CronField.DAY.parse(texts[2]),
                CronField.MONTH.parse(texts[3]),
                CronField.WEEKDAY.parse(texts[4]));
        if (!texts[2].equals(ANY) && !texts[3].equals(ANY) && !fields.everOccur()) {
            throw new CronSyntaxException(
                    "the day of the month '%s' is wrong: it never occurs in the month '%s', choose another day or month"
                            .formatted(texts[2], texts[3]));
        }
        return fields;
    }

    /** Whether the hours are no restriction. */
    boolean everyHour() {
        return hours == CronField.HOUR.all();
    }

    boolean includes(Month month) {
        return has(months, month.getValue());
    }

    boolean include(LocalDate date) {
        return includes(date.getMonth())
                && has(days, date.getDayOfMonth())
                && has(weekdays, date.getDayOfWeek().getValue() % 7);
    }

    /** The minutes of a day, ascending. */
    List<LocalTime> times() {
        List<LocalTime> times = new ArrayList<>();
        for (int hour = 0; hour < 24; hour++) {
            for (int minute = 0; has(hours, hour) && minute < 60; minute++) {
                if (has(minutes, minute)) {
                    times.add(LocalTime.of(hour, minute));
                }
            }
        }
        return List.copyOf(times);
    }

    private boolean everOccur() {
        for (Month month : Month.values()) {
            if (includes(month) && Long.numberOfTrailingZeros(days) <= month.maxLength()) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(long set, int value) {
        return (set >>> value & 1) == 1;
    }
}
