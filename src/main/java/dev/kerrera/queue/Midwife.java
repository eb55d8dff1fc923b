package dev.kerrera.queue;

import dev.kerrera.config.QueueSettings;
import dev.kerrera.config.Settings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Starts and stops single queues while the node runs; Oban's <em>midwife</em>. What is asked of one queue is done in turn, so a
 * start waits for the stop before it, and what is ordered meanwhile waits for the start; different queues do not wait for each
 * other. Never blocks. Thread-safe.
 */
final class Midwife {

    private static final System.Logger LOG = System.getLogger(Midwife.class.getName());

    private final Settings settings;
    private final Startup startup;
    private final Shutdown shutdown;
    private final Producers producers;
    private final Executor executor;
    private final Map<String, CompletableFuture<Boolean>> turns = new ConcurrentHashMap<>();
    private final Set<Expected> expected = ConcurrentHashMap.newKeySet();

    Midwife(Settings settings, Startup startup, Shutdown shutdown, Producers producers, Executor executor) {
        this.settings = settings;
        this.startup = startup;
        this.shutdown = shutdown;
        this.producers = producers;
        this.executor = executor;
    }

    /** Starts a queue unless it runs; what the signal leaves open is as configured. */
    void start(QueueSignal.Start signal) {
        QueueSettings known = settings.queue(signal.queue());
        QueueSettings queue = new QueueSettings(
                signal.queue(),
                signal.limit(),
                signal.paused(),
                signal.dispatchCooldown().orElse(known.dispatchCooldown()));
        Expected producer = new Expected(queue.name());
        expected.add(producer);
        inTurn(queue.name(), () -> start(queue, producer)).whenComplete((result, failure) -> expected.remove(producer));
    }

    /** Queues that are starting are to be so; those that run do not hear of it. */
    void order(Order order) {
        expected.forEach(producer -> producer.order(order));
    }

    /** Stops a queue if it runs. */
    void stop(String queue) {
        inTurn(
                queue,
                () -> producers
                        .of(queue)
                        .ifPresent(producer -> shutdown.run(List.of(producer), settings.shutdownGracePeriod())));
    }

    private void start(QueueSettings queue, Expected producer) {
        try {
            startup.join(queue, producer);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Queue %s could not be started; start it again".formatted(queue.name()),
                    failure);
        }
    }

    private CompletableFuture<Boolean> inTurn(String queue, Runnable task) {
        CompletableFuture<Boolean> turn = turns.compute(
                queue,
                (name, last) -> (last == null ? CompletableFuture.completedFuture(true) : last)
                        .handleAsync((before, failure) -> done(task), executor));
        turn.whenComplete((result, failure) -> {
            turns.remove(queue, turn);
            if (failure != null) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Queue %s was neither started nor stopped".formatted(queue),
                        failure);
            }
        });
        return turn;
    }

    private static boolean done(Runnable task) {
        task.run();
        return true;
    }
}
