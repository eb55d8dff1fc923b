package dev.kerrera.met;

import dev.kerrera.job.UtcTimestamp;
import dev.kerrera.queue.QueueStatus;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a queue of this node is, with the keys of Oban in the order of Oban. */
final class Check {

    /** As many ids as surely fit a message; Oban Web shows how many there are, and which jobs they are on a page of their own. */
    private static final int MOST_RUNNING = 500;

    private Check() {}

    static JsonObject of(QueueStatus queue) {
        JsonArrayBuilder running = Json.createArrayBuilder();
        queue.running().stream().limit(MOST_RUNNING).forEach(running::add);
        return Json.createObjectBuilder()
                .add("limit", queue.limit())
                .add("name", queue.name())
                .add("node", queue.node())
                .add("paused", queue.paused())
                .add("queue", queue.queue())
                .add("refresh_interval", queue.refreshInterval().toMillis())
                .add("running", running)
                .add("shutdown_started_at", time(queue.shutdownStartedAt()))
                .add("started_at", time(queue.startedAt()))
                .add("updated_at", time(queue.updatedAt()))
                .add("uuid", queue.uuid().toString())
                .build();
    }

    private static JsonValue time(@Nullable Instant instant) {
        return instant == null ? JsonValue.NULL : Json.createValue(UtcTimestamp.print(instant));
    }
}
