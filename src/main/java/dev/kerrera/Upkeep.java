package dev.kerrera;

import dev.kerrera.peer.Peer;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.task.Service;
import dev.kerrera.task.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What is done in the background of one instance, for the most part by its leader, and who leads. Thread-safe. */
final class Upkeep {

    /** How long a stop waits for what the leader is doing, and as long again for its lease to be given back. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(Upkeep.class.getName());

    private final Peer peer;
    private final List<Service> services;
    private final Threads threads;

    Upkeep(Peer peer, List<Service> services, Threads threads) {
        this.peer = peer;
        this.services = List.copyOf(services);
        this.threads = threads;
    }

    /** How long a stop may take. */
    static Duration longestStop() {
        return PATIENCE.multipliedBy(2);
    }

    void start(ScheduledExecutorService timer) {
        peer.start(timer);
        services.forEach(service -> service.start(timer));
    }

    /**
     * The services first, all at once, so that nothing is begun for a lease that was given back. What is under way for long is not
     * waited for: another leader may do the same once more, and running jobs need the time.
     */
    void stop() {
        CompletableFuture<?>[] ends =
                services.stream().map(service -> threads.beside(service::stop)).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException busy) {
            LOG.log(System.Logger.Level.INFO, "The lease is given back while something is still done under it");
        } catch (ExecutionException failure) {
            LOG.log(System.Logger.Level.WARNING, "A background service did not stop in order", failure.getCause());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
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
