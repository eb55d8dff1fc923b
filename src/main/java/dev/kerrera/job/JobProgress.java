package dev.kerrera.job;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a run had come when it last said so; kept in the job's {@code meta} under {@value #KEY}. Immutable.
 *
 * @param done how much is done, 0 to {@code total}
 * @param total how much there is in all
 * @param note a few words, at most 200 characters, or null
 * @param at when it was said
 */
public record JobProgress(long done, long total, @Nullable String note, Instant at) {

    /** Where it stands in {@code meta}. */
    public static final String KEY = "progress";

    private static final int LONGEST_NOTE = 200;

    /**
     * Cuts the note, and drops from it what PostgreSQL cannot store.
     *
     * @throws IllegalArgumentException when {@code done} is not between 0 and {@code total}
     */
    public JobProgress {
        if (done < 0 || done > total) {
            throw new IllegalArgumentException("done must be 0 to total, was %d of %d".formatted(done, total));
        }
        note = note == null ? null : Unstorable.strip(note);
        if (note != null && note.codePointCount(0, note.length()) > LONGEST_NOTE) {
            note = note.substring(0, note.offsetByCodePoints(0, LONGEST_NOTE));
        }
    }

    /** What the job's metadata says; empty when it says nothing, or something else than a run of Kerrera's would. */
    public static Optional<JobProgress> of(Job job) {
        try {
            JsonValue value = job.meta().get(KEY);
            if (value == null || value.getValueType() != JsonValue.ValueType.OBJECT) {
                return Optional.empty();
            }
            JsonObject said = value.asJsonObject();
            return Optional.of(new JobProgress(
                    said.getJsonNumber("done").longValueExact(),
                    said.getJsonNumber("total").longValueExact(),
                    said.getString("note", null),
                    UtcTimestamp.parse(said.getString("at"))));
        } catch (RuntimeException somethingElse) {
            return Optional.empty();
        }
    }

    /** The JSON object's text. */
    public String toJson() {
        JsonObjectBuilder json =
                JobJson.provider().createObjectBuilder().add("done", done).add("total", total);
        if (note != null) {
            json.add("note", note);
        }
        return json.add("at", UtcTimestamp.print(at)).build().toString();
    }
}
