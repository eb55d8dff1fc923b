package dev.kerrera.notifier;

import jakarta.json.JsonObject;

/**
 * A message heard from the database, decoded once for all who observe it; what Oban's notifier relays. Immutable.
 *
 * <p>It is a CDI event qualified by its channel: {@link Gossip @Gossip}, {@link Insert @Insert}, {@link Signal @Signal}, and
 * {@link OnChannel @OnChannel("…")} for every channel. Observers run one message after another on a thread of Kerrera's with the
 * request scope active; asynchronous observers run beside each other. An observer that throws is logged and hurts nothing else;
 * one that injects {@code EventMetadata} is given null, because observers are called one by one.
 *
 * <p>Messages sent while this node was not listening are lost; nothing that must happen should hang on one.
 *
 * @param channel name of the channel without prefix
 * @param payload the message, always a JSON object
 */
public record Notification(String channel, JsonObject payload) {}
