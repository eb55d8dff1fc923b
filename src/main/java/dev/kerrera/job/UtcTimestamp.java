package dev.kerrera.job;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** The spelling of a moment in JSON, in error entries and in messages: microseconds and {@code Z}. */
public final class UtcTimestamp {
    private static final DateTimeFormatter MICROSECONDS = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
            .toFormatter()
            .withZone(ZoneOffset.UTC);

    /** With or without an offset: every writer means UTC. */
    private static final DateTimeFormatter LENIENT = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .optionalStart()
            .appendOffsetId()
            .toFormatter();

    private UtcTimestamp() {}

    /** With six digits of a second, whatever they are. */
    public static String print(Instant instant) {
        return MICROSECONDS.format(instant);
    }

    static Instant parse(String text) {
        var parsed = LENIENT.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
        return parsed instanceof LocalDateTime local
                ? local.toInstant(ZoneOffset.UTC)
                : ((OffsetDateTime) parsed).toInstant();
    }
}
