package dev.kerrera.met;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Sends a list in as few messages as carry it. */
final class Outlet {

    private static final System.Logger LOG = System.getLogger(Outlet.class.getName());

    private final Consumer<JsonObject> send;

    /** @param send sends a message, or throws {@link IllegalArgumentException} when it is too large */
    Outlet(Consumer<JsonObject> send) {
        this.send = send;
    }

    /** Sends all items, an empty list too, each message as it is made of its share. */
    void send(List<? extends JsonValue> items, Function<JsonArray, JsonObject> message) {
        try {
            send.accept(message.apply(array(items)));
        } catch (IllegalArgumentException tooLarge) {
            if (items.size() < 2) {
                LOG.log(System.Logger.Level.DEBUG, "Oban Web is not told of one thing, which is too large", tooLarge);
                return;
            }
            int half = items.size() / 2;
            send(items.subList(0, half), message);
            send(items.subList(half, items.size()), message);
        }
    }

    /** Sends one message of as many items as fit, where a second one would take the place of the first. */
    void sendWhatFits(List<? extends JsonValue> items, Function<JsonArray, JsonObject> message) {
        for (int count = items.size(); ; count /= 2) {
            try {
                send.accept(message.apply(array(items.subList(0, count))));
                return;
            } catch (IllegalArgumentException tooLarge) {
                LOG.log(System.Logger.Level.DEBUG, "Oban Web is told of the first things only", tooLarge);
                if (count == 0) {
                    return;
                }
            }
        }
    }

    private static JsonArray array(List<? extends JsonValue> items) {
        JsonArrayBuilder array = Json.createArrayBuilder();
        items.forEach(array::add);
        return array.build();
    }
}
