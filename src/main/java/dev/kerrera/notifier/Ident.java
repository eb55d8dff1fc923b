package dev.kerrera.notifier;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

/**
 * Decides whether a message is for this node. A message without {@code ident} or with {@code any} is for all.
 *
 * @param own this node's {@code <name>.<node>}
 */
record Ident(String own) {

    private static final String ANY = "any";

    boolean addressedBy(JsonObject message) {
        JsonValue ident = message.get("ident");
        if (ident == null) {
            return true;
        }
        return ident instanceof JsonString text
                && (text.getString().equals(ANY) || text.getString().equals(own));
    }
}
