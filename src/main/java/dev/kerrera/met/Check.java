package dev.kerrera.met;

import dev.kerrera.job.UtcTimestamp;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a queue of a node is, as Oban Web wants to know it.
 *
 * @param limit most jobs that run at once
 * @param name name of the instance
 * @param node name of the node
 * @param paused whether it takes no jobs
 * @param queue name of the queue
 * @param refreshInterval how often it looks for jobs nobody announced
 * @param running ids of the jobs that run
 * @param shutdownStartedAt when it began to stop; null while it does not
 * @param startedAt when it started
 * @param updatedAt when it last looked at itself
 * @param uuid identity of the producer
 */
record Check(
        int limit,
        String name,
        String node,
        boolean paused,
        String queue,
        Duration refreshInterval,
        List<Long> running,
        @Nullable Instant shutdownStartedAt,
        Instant startedAt,
        Instant updatedAt,
        UUID uuid) {

    /** As many ids as surely fit a message; Oban Web shows how many there are, and which jobs they are on a page of their own. */
    private static final int MOST_RUNNING = 500;

    /** With the keys of Oban in the order of Oban. */
    JsonObject toJson() {
        JsonArrayBuilder ids = Json.createArrayBuilder();
        running.stream().limit(MOST_RUNNING).forEach(ids::add);
        JsonObjectBuilder check = Json.createObjectBuilder()
                .add("limit", limit)
                .add("name", name)
                .add("node", node)
                .add("paused", paused)
                .add("queue", queue)
                .add("refresh_interval", refreshInterval.toMillis())
                .add("running", ids);
        if (shutdownStartedAt == null) {
            check.addNull("shutdown_started_at");
        } else {
            check.add("shutdown_started_at", UtcTimestamp.print(shutdownStartedAt));
        }
        return check.add("started_at", UtcTimestamp.print(startedAt))
                .add("updated_at", UtcTimestamp.print(updatedAt))
                .add("uuid", uuid.toString())
                .build();
    }
}
