package dev.kerrera.job;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of jobs ended, and the order in which it was read. Get it from {@link JobPage#next}, give it to {@link
 * JobQuery#after}; between the two it may travel as text, for instance in the address of a page.
 *
 * <p>Immutable and thread-safe. It holds no more than the place, so it stays good when jobs come and go, and says nothing of the
 * filter: use it with the filter it was made for.
 *
 * @param orderedBy what the jobs are ordered by before their ids; null for ids alone
 * @param ascending whether smaller ones go first
 * @param time the last job's moment; null when ordered by ids alone
 * @param id the last job's id
 */
public record JobCursor(
        @Nullable JobTime orderedBy,
        boolean ascending,
        @Nullable Instant time,
        long id) {
    private static final int WITHOUT_TIME = 1 + Long.BYTES;
    private static final int WITH_TIME = WITHOUT_TIME + Long.BYTES + Integer.BYTES;
    private static final int DIRECTIONS = 2;

    /**
     * Checks that it has a moment just when it needs one.
     *
     * @throws IllegalArgumentException otherwise
     */
    public JobCursor {
        if ((orderedBy == null) != (time == null)) {
            throw new IllegalArgumentException("a cursor has a time when it is ordered by one, and only then");
        }
    }

    /**
     * The cursor that {@link #toString} wrote.
     *
     * @throws IllegalArgumentException when the text is none
     */
    public static JobCursor parse(String text) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            int order = bytes.get();
            JobTime orderedBy = order < DIRECTIONS ? null : JobTime.values()[order / DIRECTIONS - 1];
            long id = bytes.getLong();
            Instant time = orderedBy == null ? null : Instant.ofEpochSecond(bytes.getLong(), bytes.getInt());
            JobCursor cursor = new JobCursor(orderedBy, order % DIRECTIONS == 1, time, id);
            if (cursor.toString().equals(text)) {
                return cursor;
            }
        } catch (RuntimeException malformed) {
            throw refused(text, malformed);
        }
        throw refused(text, null);
    }

    /** A short text without meaning to anybody else, safe in addresses. */
    @Override
    public String toString() {
        ByteBuffer bytes = ByteBuffer.allocate(time == null ? WITHOUT_TIME : WITH_TIME);
        int order = orderedBy == null ? 0 : orderedBy.ordinal() + 1;
        bytes.put((byte) (order * DIRECTIONS + (ascending ? 1 : 0))).putLong(id);
        if (time != null) {
            bytes.putLong(time.getEpochSecond()).putInt(time.getNano());
        }
        return Base64.getUrlEncoder().encodeToString(bytes.array());
    }

    /** The order in words. */
    String order() {
        return (orderedBy == null ? "id" : orderedBy.label()) + (ascending ? " ascending" : " descending");
    }

    private static IllegalArgumentException refused(@Nullable String text, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "cursor must be what JobCursor.toString() wrote, was \"" + text + '"', cause);
    }
}
