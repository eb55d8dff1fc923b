package demo;

import dev.kerrera.notifier.Gossip;
import dev.kerrera.notifier.Notification;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what was said about each order. */
@ApplicationScoped
public class GossipLog {

    private final Map<Long, List<String>> heard = new ConcurrentHashMap<>();

    void hear(@Observes @Gossip Notification gossip) {
        JsonObject payload = gossip.payload();
        if (payload.get("order") instanceof JsonNumber order) {
            heard.computeIfAbsent(order.longValue(), id -> new CopyOnWriteArrayList<>())
                    .add(payload.getString("message", ""));
        }
    }

    /** What was heard about an order. */
    public List<String> about(long order) {
        return heard.getOrDefault(order, List.of());
    }
}
