package dev.kerrera.liberty.probe;

import dev.kerrera.notifier.Gossip;
import dev.kerrera.notifier.Notification;
import dev.kerrera.notifier.OnChannel;
import dev.kerrera.telemetry.JobFenced;
import dev.kerrera.telemetry.KerreraEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Observes everything, in every way. */
@ApplicationScoped
public class EventProbe {

    private final List<Notification> gossip = new CopyOnWriteArrayList<>();
    private final List<Notification> asynchronous = new CopyOnWriteArrayList<>();
    private final List<Notification> prices = new CopyOnWriteArrayList<>();
    private final List<KerreraEvent> events = new CopyOnWriteArrayList<>();

    void throwFirst(@Observes @Priority(1) @Gossip Notification message) {
        throw new IllegalStateException("this observer always throws");
    }

    void hear(@Observes @Priority(2) @Gossip Notification message) {
        gossip.add(message);
    }

    void hearLater(@ObservesAsync @Gossip Notification message) {
        asynchronous.add(message);
    }

    void price(@Observes @OnChannel("prices") Notification message) {
        prices.add(message);
    }

    void event(@Observes KerreraEvent event) {
        events.add(event);
    }

    public List<Notification> gossip() {
        return gossip;
    }

    public List<Notification> asynchronous() {
        return asynchronous;
    }

    public List<Notification> prices() {
        return prices;
    }

    /** Ids of jobs whose result was fenced off. */
    public List<Long> fenced() {
        return events.stream()
                .filter(JobFenced.class::isInstance)
                .map(event -> ((JobFenced) event).job().id())
                .toList();
    }
}
