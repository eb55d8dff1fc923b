package dev.kerrera.maintenance;

import dev.kerrera.config.Settings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.engine.Engine;
import dev.kerrera.insert.Inserter;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.notifier.Sonar;
import dev.kerrera.peer.Peer;
import dev.kerrera.task.LastDone;
import dev.kerrera.task.Randomness;
import java.time.Clock;

/** Puts the upkeep services of one instance together. */
public final class MaintenanceWiring {

    private final Settings settings;
    private final Peer peer;
    private final Engine engine;
    private final Notifier notifier;
    private final Sonar sonar;

    public MaintenanceWiring(Settings settings, Peer peer, Engine engine, Notifier notifier, Sonar sonar) {
        this.settings = settings;
        this.peer = peer;
        this.engine = engine;
        this.notifier = notifier;
        this.sonar = sonar;
    }

    /** @param told when every queue with available jobs was last told of */
    public Stager stager(LastDone told) {
        return new Stager(
                settings.stager(), peer::leads, sonar::status, engine.staging(), notifier, told, Randomness.PER_THREAD);
    }

    public Pruner pruner() {
        return new Pruner(settings.pruner(), peer::leads, engine.pruning(), Randomness.PER_THREAD);
    }

    public Lifeline lifeline() {
        return new Lifeline(settings.lifeline(), peer::leads, engine.rescuing(), notifier, Randomness.PER_THREAD);
    }

    /** @param entries of this instance, without problems */
    public Crontab crontab(CronEntries entries, Jdbc jdbc, Inserter inserter, Clock clock) {
        CronFiring firing = new CronFiring(jdbc, cronRows(jdbc), inserter);
        return new Crontab(entries, peer::leads, firing, clock, Randomness.PER_THREAD);
    }

    public Reindexer reindexer(Jdbc jdbc, Clock clock) {
        Reindexing reindexing = new Reindexing(jdbc, settings.prefix());
        return new Reindexer(
                settings.reindexer(), peer::leads, cronRows(jdbc), reindexing, clock, Randomness.PER_THREAD);
    }

    private CronRows cronRows(Jdbc jdbc) {
        return new CronRows(jdbc, settings.prefix(), settings.name());
    }
}
