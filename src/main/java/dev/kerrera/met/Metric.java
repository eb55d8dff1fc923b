package dev.kerrera.met;

import dev.kerrera.engine.Counting.Count;
import dev.kerrera.job.JobState;
import jakarta.json.Json;
import jakarta.json.JsonObject;

/** Single metrics, with the keys of Oban in the order of Oban. */
final class Metric {

    private Metric() {}

    /** Of runs, by what became of their jobs. */
    static JsonObject ofRuns(String series, JobState state, String queue, String worker, JsonObject value) {
        return Json.createObjectBuilder()
                .add("series", series)
                .add("state", state.label())
                .add("queue", queue)
                .add("worker", worker)
                .add("value", value)
                .build();
    }

    /** How many jobs there are. */
    static JsonObject fullCount(Count count) {
        return Json.createObjectBuilder()
                .add("series", "full_count")
                .add("state", count.state().label())
                .add("queue", count.queue())
                .add("value", gauge(count.jobs()))
                .build();
    }

    static JsonObject gauge(long value) {
        return Json.createObjectBuilder()
                .add("data", Json.createArrayBuilder().add(value))
                .build();
    }
}
