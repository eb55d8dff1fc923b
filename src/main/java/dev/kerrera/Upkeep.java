package dev.kerrera;

import dev.kerrera.peer.Peer;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.task.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/** What is done in the background of one instance, for the most part by its leader, and who leads. Thread-safe. */
final class Upkeep {

    private final Peer peer;
    private final List<Service> services;

    Upkeep(Peer peer, List<Service> services) {
        this.peer = peer;
        this.services = List.copyOf(services);
    }

    void start(ScheduledExecutorService timer) {
        peer.start(timer);
        services.forEach(service -> service.start(timer));
    }

    /** The services first, so that nothing is done for a lease that was given back. */
    void stop() {
        services.forEach(Service::stop);
        peer.stop();
    }

    List<Service> services() {
        return services;
    }

    List<LoopStatus> loops() {
        List<Service> all = new ArrayList<>(services);
        all.add(peer);
        return all.stream().filter(Service::isEnabled).map(Service::loop).toList();
    }
}
