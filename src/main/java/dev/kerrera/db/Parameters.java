package dev.kerrera.db;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Binds the parameters of one statement in the order in which they stand in it. */
public final class Parameters {

    private final PreparedStatement statement;
    private int index;

    Parameters(PreparedStatement statement) {
        this.statement = statement;
    }

    public Parameters text(@Nullable String text) throws SQLException {
        statement.setString(++index, text);
        return this;
    }

    /** A value of whatever type it is cast to, spelled as the server reads it. */
    public Parameters literal(String value) throws SQLException {
        statement.setObject(++index, value, Types.OTHER);
        return this;
    }

    public Parameters number(int number) throws SQLException {
        statement.setInt(++index, number);
        return this;
    }

    public Parameters number(long number) throws SQLException {
        statement.setLong(++index, number);
        return this;
    }

    public Parameters flag(boolean flag) throws SQLException {
        statement.setBoolean(++index, flag);
        return this;
    }

    /** A {@code timestamp} without zone that holds UTC, whatever the session's time zone. */
    public Parameters time(@Nullable Instant instant) throws SQLException {
        if (instant == null) {
            statement.setNull(++index, Types.TIMESTAMP);
        } else {
            statement.setObject(++index, storable(instant));
        }
        return this;
    }

    /** As {@link #texts(String[])}. */
    public Parameters texts(Collection<String> texts) throws SQLException {
        return texts(texts.toArray(String[]::new));
    }

    /** To be cast where it must be {@code text[]} and nothing like it. */
    public Parameters texts(String[] texts) throws SQLException {
        statement.setObject(++index, texts);
        return this;
    }

    public Parameters integers(int[] integers) throws SQLException {
        statement.setObject(++index, integers);
        return this;
    }

    /** As {@link #time}, an array of them, to be cast to {@code timestamp[]}; NULL where there is none at all. */
    public Parameters times(@Nullable Instant[] instants) throws SQLException {
        @Nullable String[] utc = null;
        for (int i = 0; i < instants.length; i++) {
            Instant instant = instants[i];
            if (instant != null) {
                utc = utc == null ? new String[instants.length] : utc;
                utc[i] = storable(instant).toString();
            }
        }
        if (utc == null) {
            statement.setNull(++index, Types.OTHER);
        } else {
            statement.setObject(++index, utc);
        }
        return this;
    }

    public Parameters numbers(Collection<Long> numbers) throws SQLException {
        statement.setObject(++index, numbers.stream().mapToLong(Long::longValue).toArray());
        return this;
    }

    private static LocalDateTime storable(Instant instant) {
        return LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
    }
}
