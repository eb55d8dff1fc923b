package dev.kerrera.job;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the errors of a row. */
final class JobErrors {
    private JobErrors() {}

    static List<JobError> read(String json) {
        JsonValue value = JobJson.parse(json);
        if (value.getValueType() != JsonValue.ValueType.ARRAY) {
            throw new JobJsonException("must be a JSON array, is of type " + value.getValueType());
        }
        return value.asJsonArray().stream().map(JobErrors::entry).toList();
    }

    private static JobError entry(JsonValue entry) {
        try {
            JsonObject fields = entry.asJsonObject();
            return new JobError(
                    fields.getJsonNumber("attempt").intValueExact(),
                    UtcTimestamp.parse(fields.getString("at")),
                    text(fields.get("error")));
        } catch (RuntimeException malformed) {
            throw new JobJsonException("malformed entry " + entry + ": " + malformed.getMessage(), malformed);
        }
    }

    private static String text(@Nullable JsonValue error) {
        return error instanceof JsonString string ? string.getString() : String.valueOf(error);
    }
}
