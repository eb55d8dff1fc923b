package dev.kerrera.queue;

import dev.kerrera.config.QueueSettings;
import dev.kerrera.config.Settings;
import dev.kerrera.engine.Engine;
import dev.kerrera.engine.Owner;
import dev.kerrera.engine.ProgressNotes;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.ApplicationCode;
import dev.kerrera.task.Interval;
import dev.kerrera.task.LastDone;
import dev.kerrera.task.Patience;
import dev.kerrera.task.Randomness;
import dev.kerrera.task.Threads;
import dev.kerrera.telemetry.Telemetry;
import dev.kerrera.worker.WorkerRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Puts the queues of one instance together. */
public final class QueueWiring {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(102);

    private final Settings settings;
    private final Engine engine;
    private final Notifier notifier;
    private final Telemetry telemetry;
    private final Surroundings around;

    /**
     * What the application and its server give to the queues of every instance.
     *
     * @param workers what the application can run
     * @param application calls it
     * @param threads what it runs on
     */
    public record Surroundings(WorkerRegistry workers, ApplicationCode application, Threads threads, Clock clock) {}

    /** @param engine of threads that are the queues' own */
    public QueueWiring(Settings settings, Engine engine, Notifier notifier, Telemetry telemetry, Surroundings around) {
        this.settings = settings;
        this.engine = engine;
        this.notifier = notifier;
        this.telemetry = telemetry;
        this.around = around;
    }

    /**
     * The queues that this node works.
     *
     * @param told when every queue with work was last told of it by somebody else
     */
    public Queues queues(LastDone told) {
        Threads threads = around.threads();
        Producers producers = new Producers();
        Heart heart = new Heart(settings, engine.heartbeats(), producers, threads, Randomness.PER_THREAD);
        LastingControl lasting =
                new LastingControl(settings, engine.lastingOrders(), producers, heart, Randomness.PER_THREAD);
        Intake intake = new Intake(heart, engine.fetching(), engine.jointFetching(), around.workers());
        Runs runs = runs();
        ProducerFactory factory = new ProducerFactory(this::identity, intake, runs, threads, Randomness.PER_THREAD);
        Startup startup = new Startup(worked(), factory, lasting, producers, heart);
        Shutdown shutdown = new Shutdown(producers, heart, telemetry);
        Midwife midwife = new Midwife(settings, startup, shutdown, producers, threads);
        Lookout lookout = new Lookout(
                settings.pollInterval(),
                told,
                producers,
                runs.completions(),
                engine.fetching(),
                engine.custody(),
                threads);
        Ears ears = new Ears(notifier, producers, midwife, lookout, heart);
        Interval poll = new Interval(
                "Polling for jobs", settings.pollInterval(), () -> lookout.pause(Randomness.PER_THREAD), lookout::look);
        return new Queues(producers, startup, shutdown, ears, new Rounds(heart, lasting, poll));
    }

    /**
     * The control of single jobs.
     *
     * @param engine of the callers' threads
     */
    public JobControl jobControl(Engine engine) {
        return new JobControl(engine.cancelling(), engine.retrying(), engine.deleting(), engine.updating(), notifier);
    }

    /**
     * The control of queues, of this node and of others.
     *
     * @param engine of the callers' threads
     */
    public QueueControl queueControl(Engine engine, Queues queues) {
        return new QueueControl(settings, engine.lastingOrders(), notifier, queues);
    }

    private Runs runs() {
        Threads threads = around.threads();
        Watchdog watchdog = new Watchdog(threads.timer(), threads, settings.interruptGracePeriod(), around.clock());
        ProgressNotes notes = engine.progressNotes();
        Patience patience = new Patience(LONGEST_WAIT, Randomness.PER_THREAD);
        return new Runs(
                around.application(),
                new Verdict(Randomness.PER_THREAD),
                new Results(engine.acknowledgement(settings.results()), telemetry, notifier, patience),
                new Completions(engine.completing(settings.results()), threads),
                watchdog,
                (job, owner) -> new Progress(job, owner, notes, watchdog, around.clock()));
    }

    private List<QueueSettings> worked() {
        return settings.queues().values().stream()
                .filter(queue -> queue.worked() && !around.workers().names().isEmpty())
                .toList();
    }

    private ProducerMeta identity(QueueSettings queue) {
        return new ProducerMeta(settings, new Owner(settings.node(), UUID.randomUUID()), queue, around.clock());
    }
}
