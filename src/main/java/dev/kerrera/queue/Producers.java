package dev.kerrera.queue;

import dev.kerrera.config.QueueSettings;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The producers of this node, as one. Thread-safe. */
final class Producers {

    private final Map<String, Producer> byQueue = new ConcurrentHashMap<>();
    private final Set<Producer> leaving = ConcurrentHashMap.newKeySet();
    private boolean sealed; // guarded by this

    /** Adds one, in place of another of its queue; false when no more are taken. */
    synchronized boolean add(Producer producer) {
        if (!sealed) {
            byQueue.put(producer.queue(), producer);
        }
        return !sealed;
    }

    /** Returns whether it was there. One with a job that does not end goes on to live, but is no queue's any more. */
    boolean remove(Producer producer) {
        boolean there = byQueue.remove(producer.queue(), producer);
        if (there && !producer.held().isEmpty()) {
            leaving.add(producer);
        }
        return there;
    }

    /** Takes no more of them; returns those there are. */
    synchronized List<Producer> seal() {
        sealed = true;
        return all();
    }

    List<Producer> all() {
        return List.copyOf(byQueue.values());
    }

    /** All, and those that were removed and still have a job in their hands. */
    List<Producer> living() {
        leaving.removeIf(producer -> producer.held().isEmpty());
        return Stream.concat(byQueue.values().stream(), leaving.stream()).toList();
    }

    Optional<Producer> of(String queue) {
        return Optional.ofNullable(byQueue.get(queue));
    }

    /** That of the queue, or all. */
    Collection<Producer> matching(String queue) {
        return queue.equals(QueueSettings.ALL) ? all() : of(queue).stream().toList();
    }

    List<QueueStatus> status() {
        return byQueue.values().stream()
                .map(Producer::status)
                .sorted(Comparator.comparing(QueueStatus::queue))
                .toList();
    }

    /** The runs that hold a place. */
    Stream<JobRun> running() {
        return living().stream().flatMap(Producer::running);
    }

    /** The queues that could take more jobs. */
    List<String> withRoom() {
        return byQueue.values().stream()
                .filter(Producer::hasRoom)
                .map(Producer::queue)
                .toList();
    }

    void wake(String queue) {
        of(queue).ifPresent(Producer::wake);
    }

    void wakeAll() {
        byQueue.values().forEach(Producer::wake);
    }

    void wakeThoseWithLeftovers() {
        living().stream().filter(Producer::hasLeftBehind).forEach(Producer::wake);
    }
}
