package dev.kerrera.notifier;

import jakarta.json.JsonObject;

/** What nodes tell each other, with the keys of Oban in the order of Oban; see {@link Signals} for what they tell queues to do. */
public final class Messages {

    private Messages() {}

    /** A queue has jobs that are available; goes over {@code insert}. */
    public static JsonObject announcement(String queue) {
        return Wire.JSON.createObjectBuilder().add("queue", queue).build();
    }

    /** The leader of an instance name has resigned; goes over {@code leader}. */
    public static JsonObject resignation(String name) {
        return Wire.JSON.createObjectBuilder().add("down", name).build();
    }

    /** A node is there; goes over {@code sonar}. Without {@code time}, which others would take for a time of their own. */
    static JsonObject ping(String node) {
        return Wire.JSON
                .createObjectBuilder()
                .add("node", node)
                .add("ping", true)
                .build();
    }
}
