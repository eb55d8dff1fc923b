package dev.kerrera.queue;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.QueueSettings;
import dev.kerrera.config.ResultSettings;
import dev.kerrera.config.Settings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.Acknowledgement;
import dev.kerrera.engine.Completing;
import dev.kerrera.engine.Custody;
import dev.kerrera.engine.Fetching;
import dev.kerrera.engine.Heartbeats;
import dev.kerrera.engine.JointFetching;
import dev.kerrera.engine.LastingOrders;
import dev.kerrera.engine.Owner;
import dev.kerrera.engine.ProgressNotes;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.notifier.TestNotifiers;
import dev.kerrera.task.ApplicationCode;
import dev.kerrera.task.BareCode;
import dev.kerrera.task.Interval;
import dev.kerrera.task.LastDone;
import dev.kerrera.task.Patience;
import dev.kerrera.telemetry.KerreraEvent;
import dev.kerrera.telemetry.Telemetry;
import dev.kerrera.telemetry.TestTelemetry;
import dev.kerrera.testsupport.ConnectionPool;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.RecordedEvents;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import dev.kerrera.worker.WorkerDefinition;
import dev.kerrera.worker.WorkerRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** The queues of one node as the container puts them together, over a schema of the test's. */
final class TestNode implements AutoCloseable {

    /** Of the heart, of the look for lasting orders, and of the poll. */
    private static final int FIRST_TURNS = 3;

    static final Duration NO_POLLING = Duration.ofHours(1);

    final UUID producer = UUID.randomUUID();
    final Told told = new Told();
    final RecordedEvents events = new RecordedEvents();
    final List<Consumer<KerreraEvent>> sinks = new ArrayList<>(List.of(TestTelemetry.log(), events));
    final List<WorkerDefinition> workers = new ArrayList<>(List.of(told.definition()));
    final ExecutorService threads = Executors.newCachedThreadPool();
    final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    final RawJobs jobs;
    final ConnectionPool pool;
    final TappedDataSource database;
    final Jdbc jdbc;
    final Notifier notifier;

    Clock clock = Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000));
    Duration pollInterval = NO_POLLING;
    Executor executor = this::handOver;
    Duration interruptGrace = Duration.ofSeconds(10);
    ApplicationCode application = new BareCode();
    String node = "here";
    ResultSettings kept = new ResultSettings(false, true);

    /** How many tasks were handed to a thread: dispatches and runs. */
    final AtomicInteger handedOver = new AtomicInteger();

    Settings settings;

    final List<QueueSettings> queueSettings;

    /** What the midwife has been asked and has not done. */
    private final AtomicInteger turns = new AtomicInteger();

    private final AtomicBoolean identified = new AtomicBoolean();
    private Queues queues;

    /** @param queueLimits name, limit, name, limit */
    TestNode(TestSchema schema, Object... queueLimits) {
        jobs = new RawJobs(schema);
        pool = new ConnectionPool(schema.dataSource());
        database = new TappedDataSource(pool.dataSource());
        jdbc = new Jdbc(database.dataSource(), Transactions.none());
        settings = TestSettings.of(schema.name());
        notifier = TestNotifiers.local(settings, jdbc, Transactions.none());
        queueSettings = new ArrayList<>();
        for (int i = 0; i < queueLimits.length; i += 2) {
            queueSettings.add(new QueueSettings((String) queueLimits[i], (Integer) queueLimits[i + 1]));
        }
    }

    /** Starts, and returns when the first poll is over, so that it finds nothing the test adds later. */
    TestNode start() {
        queues().start(timer);
        Awaitility.await("first poll").until(() -> timer.getCompletedTaskCount() >= FIRST_TURNS);
        return this;
    }

    private void handOver(Runnable task) {
        handedOver.incrementAndGet();
        threads.execute(task);
    }

    private void takeTurn(Runnable task) {
        turns.incrementAndGet();
        threads.execute(() -> {
            try {
                task.run();
            } finally {
                turns.decrementAndGet();
            }
        });
    }

    /** Waits until the midwife has done all that it was asked. */
    void awaitTurns() {
        Awaitility.await("turns of the midwife").until(() -> turns.get() == 0);
    }

    Queues queues() {
        if (queues == null) {
            Prefix prefix = settings.prefix();
            Fetching fetching = new Fetching(jdbc, prefix, clock);
            Acknowledgement acknowledgement = new Acknowledgement(jdbc, prefix, clock, kept);
            Telemetry telemetry = new Telemetry(sinks);
            Results results =
                    new Results(acknowledgement, telemetry, notifier, new Patience(Duration.ofMillis(20), () -> 0L));
            ProgressNotes notes = new ProgressNotes(jdbc, prefix);
            Watchdog watchdog = new Watchdog(timer, threads, interruptGrace, clock);
            Runs runs = new Runs(
                    application,
                    new Verdict(() -> 1L << 63),
                    results,
                    new Completions(new Completing(jdbc, prefix, clock, kept), executor),
                    watchdog,
                    (job, owner) -> new Progress(job, owner, notes, watchdog, clock));
            Producers producers = new Producers();
            Heart heart = new Heart(settings, new Heartbeats(jdbc, prefix), producers, threads, () -> 0L);
            LastingControl lasting =
                    new LastingControl(settings, new LastingOrders(jdbc, prefix), producers, heart, () -> 0L);
            Intake intake =
                    new Intake(heart, fetching, new JointFetching(jdbc, prefix, clock), new WorkerRegistry(workers));
            ProducerFactory factory = new ProducerFactory(this::identity, intake, runs, executor, () -> 1L << 62);
            Startup startup = new Startup(queueSettings, factory, lasting, producers, heart);
            Shutdown shutdown = new Shutdown(producers, heart, telemetry);
            Midwife midwife = new Midwife(settings, startup, shutdown, producers, this::takeTurn);
            Lookout lookout = new Lookout(
                    pollInterval,
                    new LastDone(),
                    producers,
                    runs.completions(),
                    fetching,
                    new Custody(jdbc, prefix),
                    threads);
            Ears ears = new Ears(notifier, producers, midwife, lookout, heart);
            Interval poll = new Interval("Polling for jobs", pollInterval, lookout::look, () -> 0L);
            queues = new Queues(producers, startup, shutdown, ears, new Rounds(heart, lasting, poll));
        }
        return queues;
    }

    private ProducerMeta identity(QueueSettings queue) {
        boolean first = queue.name().equals("default") && identified.compareAndSet(false, true);
        return new ProducerMeta(settings, new Owner(node, first ? producer : UUID.randomUUID()), queue, clock);
    }

    /** A queue of that node as it is now. */
    QueueStatus status(String queue) {
        return queues().status().stream()
                .filter(status -> status.queue().equals(queue))
                .findFirst()
                .orElseThrow();
    }

    /** Inserts a job for the worker that does as it is told. */
    long add(String act) {
        return add(act, "", "(queue) VALUES ('default')");
    }

    long add(String act, String text) {
        return add(act, text, "(queue) VALUES ('default')");
    }

    /** Likewise, with more columns. */
    long add(String act, String text, String columnsAndValues) {
        return jobs.add(columnsAndValues
                .replace(
                        "VALUES (",
                        "VALUES ('%s', jsonb_build_object('act', '%s', 'text', $t$%s$t$::text), "
                                .formatted(Told.NAME, act, text))
                .replaceFirst("\\(", "(worker, args, "));
    }

    /** Inserts a job that does as it is told and then waits, and returns when it does. */
    long park(String act) throws InterruptedException {
        long job = add(act);
        wake();
        told.awaitParked(1);
        return job;
    }

    /** Tells the queue that there is work. */
    void wake() {
        wake("default");
    }

    void wake(String queue) {
        notifier.announceLocally(queue);
    }

    /** Delivers a message of the channel of signals. */
    void hear(String message) {
        notifier.heard(1, settings.prefix().name() + ".oban_signal", message);
    }

    /** Likewise, written with single quotes and {@code %s} for values. */
    void signal(String message, Object... values) {
        hear(message.formatted(values).replace('\'', '"'));
    }

    /** Delivers the message that tells of a cancelled job. */
    void hearKill(long job) {
        hear("{\"action\": \"pkill\", \"job_id\": %d}".formatted(job));
    }

    /** The control of queues on another node that shares the table, and which this one does not hear. */
    QueueControl unheardControl() {
        return new QueueControl(settings, new LastingOrders(jdbc, settings.prefix()), notifier, queues());
    }

    /** Which of the queues are paused, in their order. */
    List<Boolean> paused() {
        return queues().status().stream().map(QueueStatus::paused).toList();
    }

    /** What the table tells of the producers of the node: queue, limit, and whether it is paused. */
    List<String> producers() {
        return jobs.query("SELECT concat_ws(' ', queue, running_limit, paused)"
                + " FROM ${schema}.kerrera_producers ORDER BY queue");
    }

    /** Jobs running by the account of the queues. */
    List<Long> running() {
        return queues().status().stream()
                .flatMap(queue -> queue.running().stream())
                .sorted()
                .toList();
    }

    /** Jobs whose worker goes on although they are settled. */
    List<Long> abandoned() {
        return queues().status().stream()
                .flatMap(queue -> queue.abandoned().stream())
                .sorted()
                .toList();
    }

    /** What stands in attempted_by of its jobs. */
    String attemptedBy() {
        return "{" + node + "," + producer + "}";
    }

    @Override
    public void close() throws Exception {
        told.releaseAll();
        database.recover();
        queues().stop(Duration.ofSeconds(10));
        threads.shutdownNow();
        timer.shutdownNow();
        pool.close();
    }
}
