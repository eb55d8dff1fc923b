package dev.kerrera;

import dev.kerrera.config.OfInstance;
import dev.kerrera.config.Settings;
import dev.kerrera.db.DataSources;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.migration.Migrator;
import dev.kerrera.engine.Engine;
import dev.kerrera.insert.BulkInserter;
import dev.kerrera.insert.Importer;
import dev.kerrera.insert.Inserter;
import dev.kerrera.maintenance.CronEntries;
import dev.kerrera.maintenance.Crontab;
import dev.kerrera.maintenance.MaintenanceWiring;
import dev.kerrera.met.MetWiring;
import dev.kerrera.met.Recorder;
import dev.kerrera.notifier.Listening;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.notifier.NotifierWiring;
import dev.kerrera.peer.Peer;
import dev.kerrera.queue.QueueWiring;
import dev.kerrera.queue.Queues;
import dev.kerrera.task.LastDone;
import dev.kerrera.telemetry.Observers;
import dev.kerrera.telemetry.Telemetry;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One instance on this node: all its rooms, put together and not yet started. */
final class Node {

    private final Settings settings;
    private final JobService jobs;
    private final Notifier notifier;
    private final Listening listening;
    private final Queues queues;
    private final Peer peer;
    private final Upkeep upkeep;
    private final Lifecycle lifecycle;
    private final Vitals vitals;

    /** @param instance which instance it is; null for the main one */
    Node(Settings settings, @Nullable OfInstance instance, Surroundings around) {
        this.settings = settings;
        DataSource dataSource = DataSources.find(settings.datasource());
        Jdbc jdbc = new Jdbc(dataSource, around.transactions());
        Engine engine = new Engine(jdbc, settings.prefix(), around.clock());

        Observers observers = new Observers(around.beans(), around.application(), around.threads(), instance);
        Recorder recorder = new Recorder();
        Telemetry telemetry = Telemetry.of(observers, List.of(recorder));
        NotifierWiring notifying = new NotifierWiring(
                settings, dataSource, around.threads(), around.channels(instance == null ? "" : instance.value()));
        notifier = notifying.notifier(jdbc, around.transactions(), observers, around.application());
        listening = notifying.listening(notifier, telemetry);

        QueueWiring queueing = new QueueWiring(
                settings,
                new Engine(jdbc.aside(around.threads()::apartOnOwn), settings.prefix(), around.clock()),
                notifier,
                telemetry,
                new QueueWiring.Surroundings(around.workers(), around.application(), around.threads(), around.clock()));
        LastDone told = new LastDone();
        queues = queueing.queues(told);
        peer = Peer.of(settings, jdbc, notifier, telemetry);
        MaintenanceWiring maintenance = new MaintenanceWiring(settings, peer, engine, notifier, listening.sonar());
        MetWiring met = new MetWiring(settings, notifier, around.threads(), around.clock());
        Inserter inserter = new Inserter(
                engine.insertion(() -> !around.threads().isOwn()),
                engine.uniqueInsertion(),
                around.workers(),
                notifier,
                around.clock());
        CronEntries crons = instance == null
                ? CronEntries.of(settings.cron(), around.workers().crons())
                : CronEntries.ofNamed(settings.cron(), around.workers().names());
        Crontab crontab = maintenance.crontab(crons, jdbc, inserter, around.clock());
        upkeep = new Upkeep(
                peer,
                List.of(
                        maintenance.stager(told),
                        maintenance.pruner(),
                        maintenance.lifeline(),
                        crontab,
                        maintenance.reindexer(jdbc, around.clock()),
                        met.reporter(recorder, queues, peer, engine, crontab::crontab)),
                around.threads());

        BulkInserter bulkInserter =
                new BulkInserter(engine.bulkInsertion(), jdbc, around.workers(), notifier, around.clock());
        jobs = new TransactionalJobService(
                inserter,
                bulkInserter,
                new Importer(bulkInserter, jdbc, around.threads(), around.threads()::apart),
                queueing.jobControl(engine),
                queueing.queueControl(engine, queues),
                engine.finding(),
                notifier);
        Migrator migrator = new Migrator(dataSource, settings.prefix(), settings.migration());
        lifecycle = new Lifecycle(
                settings, migrator, queues, upkeep, around.threads().timer());
        vitals = new Vitals(lifecycle, jdbc, listening, queues, upkeep);
    }

    Settings settings() {
        return settings;
    }

    JobService jobs() {
        return jobs;
    }

    Notifier notifier() {
        return notifier;
    }

    Listening listening() {
        return listening;
    }

    Queues queues() {
        return queues;
    }

    Peer peer() {
        return peer;
    }

    Upkeep upkeep() {
        return upkeep;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    Vitals vitals() {
        return vitals;
    }
}
