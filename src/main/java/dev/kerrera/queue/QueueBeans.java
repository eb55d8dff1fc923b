package dev.kerrera.queue;

import dev.kerrera.config.Internal;
import dev.kerrera.config.QueueSettings;
import dev.kerrera.config.Settings;
import dev.kerrera.engine.Acknowledgement;
import dev.kerrera.engine.Fetching;
import dev.kerrera.engine.Owner;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.ApplicationCode;
import dev.kerrera.task.Patience;
import dev.kerrera.task.Threads;
import dev.kerrera.telemetry.Telemetry;
import dev.kerrera.worker.WorkerRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** Offers the queues to injection. */
@ApplicationScoped
class QueueBeans {

    private static final RandomGenerator RANDOM =
            () -> ThreadLocalRandom.current().nextLong();
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(102);

    @Inject
    private Settings settings;

    @Inject
    private WorkerRegistry workers;

    @Inject
    private Fetching fetching;

    @Inject
    private Threads threads;

    @Inject
    @Internal
    private Clock clock;

    @Produces
    @Singleton
    Runs runs(ApplicationCode application, Acknowledgement acknowledgement, Telemetry telemetry, Notifier notifier) {
        Patience patience = new Patience(LONGEST_WAIT, RANDOM);
        return new Runs(application, new Verdict(RANDOM), acknowledgement, telemetry, notifier, patience);
    }

    @Produces
    @Singleton
    Queues queues(Runs runs, Notifier notifier, Telemetry telemetry) {
        return new Queues(
                () -> settings.queues().values().stream()
                        .filter(queue -> queue.worked() && !workers.names().isEmpty())
                        .map(queue -> producer(queue, runs))
                        .toList(),
                fetching,
                notifier,
                telemetry,
                threads.timer(),
                settings.pollInterval(),
                RANDOM);
    }

    private Producer producer(QueueSettings queue, Runs runs) {
        Owner owner = new Owner(settings.node(), UUID.randomUUID());
        return new Producer(queue, owner, clock.instant(), fetching, workers, runs, threads);
    }
}
