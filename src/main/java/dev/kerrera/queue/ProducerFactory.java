package dev.kerrera.queue;

import dev.kerrera.config.QueueSettings;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Makes producers, each with an identity of its own. Thread-safe. */
final class ProducerFactory {

    private final Function<QueueSettings, ProducerMeta> identity;
    private final Intake intake;
    private final Runs runs;
    private final Executor executor;
    private final RandomGenerator random;

    ProducerFactory(
            Function<QueueSettings, ProducerMeta> identity,
            Intake intake,
            Runs runs,
            Executor executor,
            RandomGenerator random) {
        this.identity = identity;
        this.intake = intake;
        this.runs = runs;
        this.executor = executor;
        this.random = random;
    }

    /** Whether there are jobs at all that a producer here could run. */
    boolean hasWorkers() {
        return intake.canTake();
    }

    Producer make(QueueSettings queue) {
        Cooldown cooldown = new Cooldown(queue.dispatchCooldown(), runs.watchdog(), random);
        return new Producer(identity.apply(queue), intake, runs, executor, cooldown);
    }
}
