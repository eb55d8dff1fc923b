package dev.kerrera.queue;

import dev.kerrera.engine.Heartbeats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The producers of this node, as one. Thread-safe. */
final class Producers {

    private static final System.Logger LOG = System.getLogger(Producers.class.getName());

    private final Map<String, Producer> byQueue = new ConcurrentHashMap<>();

    void add(Collection<Producer> producers) {
        producers.forEach(producer -> byQueue.put(producer.status().queue(), producer));
    }

    void clear() {
        byQueue.clear();
    }

    List<QueueStatus> status() {
        return byQueue.values().stream()
                .map(Producer::status)
                .sorted(Comparator.comparing(QueueStatus::queue))
                .toList();
    }

    List<Heartbeats.Living> living() {
        return status().stream()
                .map(status -> new Heartbeats.Living(status.uuid(), status.queue(), status.limit()))
                .toList();
    }

    /** Those that take no more jobs for sure, not even by a fetch that hangs. */
    List<UUID> closed() {
        return byQueue.values().stream()
                .filter(Producer::isClosed)
                .map(producer -> producer.status().uuid())
                .toList();
    }

    /** The runs that hold a place. */
    Stream<JobRun> running() {
        return byQueue.values().stream().flatMap(Producer::running);
    }

    /** The queues that could take more jobs. */
    List<String> withRoom() {
        return byQueue.entrySet().stream()
                .filter(entry -> entry.getValue().hasRoom())
                .map(Map.Entry::getKey)
                .toList();
    }

    void wake(String queue) {
        Producer producer = byQueue.get(queue);
        if (producer != null) {
            producer.wake();
        }
    }

    void wakeAll() {
        byQueue.values().forEach(Producer::wake);
    }

    void wakeThoseWithLeftovers() {
        byQueue.values().stream().filter(Producer::hasLeftBehind).forEach(Producer::wake);
    }

    /** All of them at once before any is waited for, so that none takes jobs while another ends its fetch. */
    void close(long start, Duration most) throws InterruptedException {
        List<Producer> all = new ArrayList<>(byQueue.values());
        for (Producer producer : all) {
            close(producer, Duration.ZERO);
        }
        for (Producer producer : all) {
            close(producer, most.minusNanos(System.nanoTime() - start));
        }
    }

    private static void close(Producer producer, Duration most) throws InterruptedException {
        try {
            producer.close(most);
        } catch (RuntimeException failure) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Queue %s may have taken jobs that nobody runs; they stay executing"
                            .formatted(producer.status().queue()),
                    failure);
        }
    }

    /** Whether none takes or runs a job any more, waiting no longer than given since the start. */
    boolean awaitIdle(long start, Duration most) throws InterruptedException {
        boolean idle = true;
        for (Producer producer : byQueue.values()) {
            idle &= producer.awaitIdle(most.minusNanos(System.nanoTime() - start));
        }
        return idle;
    }

    void interruptRunning() {
        byQueue.values().forEach(Producer::interruptRunning);
    }
}
