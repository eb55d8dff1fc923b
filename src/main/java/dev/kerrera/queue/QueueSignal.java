package dev.kerrera.queue;

import dev.kerrera.config.QueueSettings;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a message of the channel {@code signal} wants. Any node may have sent it, in any language and of any version: whatever is
 * not as it should be makes it {@link Ignored}, and keys that mean nothing here are passed over.
 */
sealed interface QueueSignal {

    /** How much of a message is shown in a log. */
    int SHOWN = 200;

    /** Queues are to take no jobs, or to take them again. */
    record Pause(String queue, boolean paused) implements QueueSignal {}

    /** That many jobs of a queue are to run at once; Oban passes on whether it is to be paused as well. */
    record Scale(String queue, int limit, Optional<Boolean> paused) implements QueueSignal {}

    /** A queue is to begin. */
    record Start(String queue, int limit, boolean paused, Optional<Duration> dispatchCooldown) implements QueueSignal {}

    /** A queue is to end. */
    record Stop(String queue) implements QueueSignal {}

    /** Somebody cancelled a job that may run here. */
    record Kill(long job) implements QueueSignal {}

    /** It wants something that cannot be. */
    record Ignored(String reason) implements QueueSignal {}

    /** It is not about queues. */
    record Unknown() implements QueueSignal {}

    /** Reads a message. Never throws. */
    static QueueSignal of(JsonObject message) {
        String action = message.getString("action", "");
        return switch (action) {
            case "pause", "resume" -> {
                String queue = message.getString("queue", "");
                yield isName(queue) || queue.equals(QueueSettings.ALL)
                        ? new Pause(queue, action.equals("pause"))
                        : ignored(message, "its queue is neither a name nor *");
            }
            case "scale" -> limited(message, (queue, limit) -> new Scale(queue, limit, paused(message)));
            case "start" -> limited(message, (queue, limit) -> start(message, queue, limit));
            case "stop" -> {
                String queue = message.getString("queue", "");
                yield isName(queue) ? new Stop(queue) : ignored(message, "its queue is not a name");
            }
            case "pkill" ->
                message.get("job_id") instanceof JsonNumber id
                        ? new Kill(id.longValue())
                        : ignored(message, "its job_id is not a number");
            default -> new Unknown();
        };
    }

    /** Makes a signal of a queue and a limit. */
    @FunctionalInterface
    interface Limited {
        QueueSignal of(String queue, int limit);
    }

    private static QueueSignal limited(JsonObject message, Limited make) {
        String queue = message.getString("queue", "");
        OptionalInt limit = whole(message.get("limit"));
        if (!isName(queue)) {
            return ignored(message, "its queue is not a name");
        }
        return limit.orElse(0) > 0
                ? make.of(queue, limit.getAsInt())
                : ignored(message, "its limit is not a whole number of at least 1");
    }

    private static QueueSignal start(JsonObject message, String queue, int limit) {
        Optional<Boolean> paused = paused(message);
        if (message.containsKey("paused") && paused.isEmpty()) {
            return ignored(message, "its paused is neither true nor false");
        }
        JsonValue cooldown = message.get("dispatch_cooldown");
        OptionalInt milliseconds = whole(cooldown);
        if (cooldown != null && milliseconds.orElse(-1) < 0) {
            return ignored(message, "its dispatch_cooldown is not a number of milliseconds");
        }
        return new Start(
                queue,
                limit,
                paused.orElse(false),
                cooldown == null ? Optional.empty() : Optional.of(Duration.ofMillis(milliseconds.getAsInt())));
    }

    private static Optional<Boolean> paused(JsonObject message) {
        JsonValue paused = message.get("paused");
        if (JsonValue.TRUE.equals(paused)) {
            return Optional.of(true);
        }
        return JsonValue.FALSE.equals(paused) ? Optional.of(false) : Optional.empty();
    }

    private static boolean isName(String queue) {
        return QueueSettings.isName(queue);
    }

    private static OptionalInt whole(@Nullable JsonValue value) {
        if (value instanceof JsonNumber number && number.isIntegral()) {
            try {
                return OptionalInt.of(number.intValueExact());
            } catch (ArithmeticException tooLarge) {
                return OptionalInt.empty();
            }
        }
        return OptionalInt.empty();
    }

    private static QueueSignal ignored(JsonObject message, String why) {
        String text = message.toString();
        return new Ignored("The signal %s is ignored: %s"
                .formatted(text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text, why));
    }
}
