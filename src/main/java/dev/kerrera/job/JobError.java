package dev.kerrera.job;

import jakarta.json.JsonObject;
import java.time.Instant;

/**
 * One failed attempt, as an element of the column of errors records it. Oban: an entry of {@code job.errors}.
 *
 * @param attempt the attempt that failed, from 1
 * @param at when it failed
 * @param error the error's text: a first line {@code ** (Name) message}, then perhaps indented stack lines
 */
public record JobError(int attempt, Instant at, String error) {

    /**
     * This error as the JSON object that stands in the database: the keys {@code attempt}, {@code at} (UTC, six digits of
     * fraction, a trailing {@code Z}) and {@code error}, and no others.
     */
    public String toJson() {
        JsonObject entry = JobJson.provider()
                .createObjectBuilder()
                .add("at", UtcTimestamp.print(at))
                .add("attempt", attempt)
                .add("error", error)
                .build();
        return entry.toString();
    }
}
