package dev.kerrera.elixir;

import dev.kerrera.notifier.Wiretap.Heard;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** What every message must be, or an Elixir node that hears it crashes, restarts its queues or goes deaf. */
final class MessageContract {

    private static final Set<String> START = Set.of(
            "action", "ident", "queue", "limit", "paused", "refresh_interval", "dispatch_cooldown", "local_only");
    private static final Set<String> SCALE =
            Set.of("action", "ident", "queue", "limit", "paused", "node", "local_only");

    private MessageContract() {}

    /** What is wrong with a message; nothing when it is right. */
    static Optional<String> breach(Heard heard) {
        List<String> wrong = new ArrayList<>();
        if (heard.payload().getBytes(StandardCharsets.UTF_8).length >= 8_000) {
            wrong.add("too long");
        }
        try {
            String channel = heard.channel().replaceFirst("^[^.]+\\.oban_", "");
            check(channel, decode(heard.payload()), wrong);
        } catch (JsonException | ClassCastException | IOException | NullPointerException notAsAgreed) {
            wrong.add(notAsAgreed.toString());
        }
        return wrong.isEmpty() ? Optional.empty() : Optional.of(heard + ": " + wrong);
    }

    /** The rule that every version since 2.15 understands; the prefix {@code Z:} crashes those before 2.21. */
    static JsonObject decode(String payload) throws IOException {
        if (!payload.startsWith("H4sI")) {
            return object(payload);
        }
        InputStream compressed = new ByteArrayInputStream(Base64.getDecoder().decode(payload));
        try (InputStream plain = new GZIPInputStream(compressed)) {
            return object(new String(plain.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    private static void check(String channel, JsonObject message, List<String> wrong) {
        if (message.containsKey("ident") && !(message.get("ident") instanceof JsonString)) {
            wrong.add("ident is no text");
        }
        switch (channel) {
            case "insert" -> message.getString("queue");
            case "leader" -> message.getString("down");
            case "signal" -> signal(message, wrong);
            case "sonar" -> {
                if (!message.keySet().equals(Set.of("node", "ping")) || !message.getBoolean("ping")) {
                    wrong.add("other than node and ping");
                }
                message.getString("node");
            }
            case "gossip" ->
                array(message, "checks").forEach(one -> {
                    JsonObject check = one.asJsonObject();
                    check.getString("node");
                    check.getString("name");
                    check.getString("queue");
                    check.getString("uuid");
                    check.getJsonArray("running").getValuesAs(JsonNumber.class).forEach(JsonNumber::longValueExact);
                    if (!check.getString("started_at").matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z")) {
                        wrong.add("started_at has no zone");
                    }
                });
            case "metrics" -> {
                message.getString("node");
                message.getJsonNumber("time").longValueExact();
                message.getJsonArray("metrics").forEach(one -> {
                    one.asJsonObject().getString("series");
                    one.asJsonObject().getJsonObject("value");
                });
            }
            case "cronitor" ->
                message.getJsonArray("crontab").forEach(entry -> {
                    if (entry.asJsonArray().size() != 3) {
                        wrong.add("an entry that is no triple");
                    }
                });
            default -> wrong.add("a channel nobody knows");
        }
    }

    private static void signal(JsonObject message, List<String> wrong) {
        Set<String> keys = message.keySet();
        switch (message.getString("action")) {
            case "start" -> {
                if (!START.containsAll(keys) || message.getInt("limit") < 1) {
                    wrong.add("keys that crash a queue manager");
                }
            }
            case "scale" -> {
                if (!SCALE.containsAll(keys) || message.getInt("limit") < 1) {
                    wrong.add("keys that crash a producer");
                }
            }
            case "pkill" -> message.getJsonNumber("job_id").longValueExact();
            case "pause", "resume", "stop" -> {
                message.getString("queue");
                message.getString("ident");
            }
            default -> wrong.add("an action nobody knows");
        }
    }

    private static JsonArray array(JsonObject message, String key) {
        return message.containsKey(key) ? message.getJsonArray(key) : JsonValue.EMPTY_JSON_ARRAY;
    }
}
