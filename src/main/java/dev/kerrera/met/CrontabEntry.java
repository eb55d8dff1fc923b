package dev.kerrera.met;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;

/**
 * A line of a crontab, as Oban Web wants to know it.
 *
 * @param expression when it is due, such as {@code 0 * * * *}
 * @param worker name of the worker
 * @param options what its jobs are given, by Oban's names
 */
public record CrontabEntry(String expression, String worker, JsonObject options) {

    JsonArray toJson() {
        return Json.createArrayBuilder()
                .add(expression)
                .add(worker)
                .add(options)
                .build();
    }
}
