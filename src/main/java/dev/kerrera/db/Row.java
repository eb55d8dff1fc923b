package dev.kerrera.db;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the columns of one result row in the order in which they stand in the statement. */
public final class Row {

    private final ResultSet results;
    private int index;

    Row(ResultSet results) {
        this.results = results;
    }

    boolean next() throws SQLException {
        index = 0;
        return results.next();
    }

    public String text() throws SQLException {
        String text = results.getString(++index);
        if (text == null) {
            throw new SQLException("column " + index + " is NULL where a value is required");
        }
        return text;
    }

    public @Nullable String textOrNull() throws SQLException {
        return results.getString(++index);
    }

    public long number() throws SQLException {
        return results.getLong(++index);
    }

    public boolean flag() throws SQLException {
        return results.getBoolean(++index);
    }

    /** A {@code timestamp} without zone that holds UTC. */
    public Instant time() throws SQLException {
        Instant instant = timeOrNull();
        if (instant == null) {
            throw new SQLException("column " + index + " is NULL where a time is required");
        }
        return instant;
    }

    public @Nullable Instant timeOrNull() throws SQLException {
        LocalDateTime utc = results.getObject(++index, LocalDateTime.class);
        return utc == null ? null : utc.toInstant(ZoneOffset.UTC);
    }

    /** A {@code text[]}, all its dimensions in a row, or null. */
    public String @Nullable [] texts() throws SQLException {
        Array array = results.getArray(++index);
        return array == null ? null : flat((Object[]) array.getArray());
    }

    private static String[] flat(Object[] elements) {
        return elements instanceof String[] texts
                ? texts
                : Stream.of(elements)
                        .flatMap(inner -> Stream.of(flat((Object[]) inner)))
                        .toArray(String[]::new);
    }
}
