package dev.kerrera.notifier;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.Set;

/**
 * What goes over the channel {@code signal}, with the keys of Oban in the order of Oban.
 *
 * <p>Nothing else may be added: an Elixir node whose queue is told to start or to scale by a key it does not know loses that queue,
 * or all of them.
 */
public final class Signals {

    /** Addresses every node; otherwise a signal is addressed to one {@code <name>.<node>}. */
    public static final String ANY = "any";

    /** Stands for every queue, where queues are paused or resumed. */
    public static final String ALL_QUEUES = "*";

    private static final Set<String> STATES = Set.of("pause", "resume", "scale");

    private Signals() {}

    /** Has a queue take no more jobs. */
    public static JsonObject pause(String queue, String ident) {
        return to("pause", ident).add("queue", queue).build();
    }

    /** Has a queue take jobs again. */
    public static JsonObject resume(String queue, String ident) {
        return to("resume", ident).add("queue", queue).build();
    }

    /** Has a queue run so many jobs at once. */
    public static JsonObject scale(String queue, int limit, String ident) {
        return to("scale", ident).add("limit", limit).add("queue", queue).build();
    }

    /** The same for the queue of one node, which Oban names once more. */
    public static JsonObject scale(String queue, int limit, String ident, String node) {
        return to("scale", ident)
                .add("limit", limit)
                .add("node", node)
                .add("queue", queue)
                .build();
    }

    /** Has a queue begin that does not run there. */
    public static JsonObject start(String queue, int limit, String ident) {
        return to("start", ident).add("limit", limit).add("queue", queue).build();
    }

    /** The same, telling whether it is to be paused at first. */
    public static JsonObject start(String queue, int limit, boolean paused, String ident) {
        return to("start", ident)
                .add("limit", limit)
                .add("paused", paused)
                .add("queue", queue)
                .build();
    }

    /** Has a queue end. */
    public static JsonObject stop(String queue, String ident) {
        return to("stop", ident).add("queue", queue).build();
    }

    /** Has a run end, on whatever node it is. Oban leaves out the {@code ident} here, so the nodes of every instance hear it. */
    public static JsonObject kill(long jobId) {
        return Wire.JSON
                .createObjectBuilder()
                .add("action", "pkill")
                .add("job_id", jobId)
                .build();
    }

    /** Whether the signal says how queues are to be, so that it may be obeyed any number of times. */
    static boolean setsState(JsonObject signal) {
        return STATES.contains(signal.getString("action", ""));
    }

    private static JsonObjectBuilder to(String action, String ident) {
        return Wire.JSON.createObjectBuilder().add("action", action).add("ident", ident);
    }
}
