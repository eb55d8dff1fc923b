package dev.kerrera.queue;

import dev.kerrera.config.Internal;
import dev.kerrera.config.QueueSettings;
import dev.kerrera.config.Settings;
import dev.kerrera.engine.Acknowledgement;
import dev.kerrera.engine.Custody;
import dev.kerrera.engine.Fetching;
import dev.kerrera.engine.Heartbeats;
import dev.kerrera.engine.Owner;
import dev.kerrera.engine.ProgressNotes;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.ApplicationCode;
import dev.kerrera.task.Interval;
import dev.kerrera.task.Patience;
import dev.kerrera.task.Randomness;
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
import java.util.stream.Stream;

/** Offers the queues to injection. */
@ApplicationScoped
class QueueBeans {

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
    Results results(Acknowledgement acknowledgement, Telemetry telemetry, Notifier notifier) {
        return new Results(acknowledgement, telemetry, notifier, new Patience(LONGEST_WAIT, Randomness.PER_THREAD));
    }

    @Produces
    @Singleton
    Runs runs(ApplicationCode application, Results results, ProgressNotes notes) {
        Watchdog watchdog = new Watchdog(threads.timer(), threads, settings.interruptGracePeriod(), clock);
        return new Runs(
                application,
                new Verdict(Randomness.PER_THREAD),
                results,
                watchdog,
                (job, owner) -> new Progress(job, owner, notes, watchdog, clock));
    }

    @Produces
    @Singleton
    Queues queues(Runs runs, Custody custody, Heartbeats heartbeats, Notifier notifier, Telemetry telemetry) {
        Producers producers = new Producers();
        Heart heart = new Heart(settings, heartbeats, producers, Randomness.PER_THREAD);
        Intake intake = new Intake(heart, fetching, workers);
        Lookout lookout = new Lookout(producers, fetching, custody, threads);
        return new Queues(
                producers,
                () -> worked().map(queue -> producer(queue, intake, runs)).toList(),
                heart,
                lookout,
                new Interval("Polling for jobs", settings.pollInterval(), lookout::look, Randomness.PER_THREAD),
                notifier,
                telemetry);
    }

    private Stream<QueueSettings> worked() {
        return settings.queues().values().stream()
                .filter(queue -> queue.worked() && !workers.names().isEmpty());
    }

    private Producer producer(QueueSettings queue, Intake intake, Runs runs) {
        Owner owner = new Owner(settings.node(), UUID.randomUUID());
        return new Producer(queue, owner, clock.instant(), intake, runs, threads);
    }
}
