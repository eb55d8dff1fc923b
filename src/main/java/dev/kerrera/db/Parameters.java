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

    public Parameters texts(Collection<String> texts) throws SQLException {
        statement.setArray(++index, statement.getConnection().createArrayOf("text", texts.toArray()));
        return this;
    }

    public Parameters integers(Collection<Integer> integers) throws SQLException {
        statement.setArray(++index, statement.getConnection().createArrayOf("integer", integers.toArray()));
        return this;
    }

    /** As {@link #time}, an array of them. */
    public Parameters times(Collection<? extends @Nullable Instant> instants) throws SQLException {
        Object[] utc = instants.stream()
                .map(instant -> instant == null ? null : storable(instant).toString())
                .toArray();
        statement.setArray(++index, statement.getConnection().createArrayOf("timestamp", utc));
        return this;
    }

    public Parameters numbers(Collection<Long> numbers) throws SQLException {
        statement.setArray(++index, statement.getConnection().createArrayOf("bigint", numbers.toArray()));
        return this;
    }

    private static LocalDateTime storable(Instant instant) {
        return LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
    }
}
