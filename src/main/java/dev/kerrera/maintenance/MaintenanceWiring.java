package dev.kerrera.maintenance;

import dev.kerrera.config.Settings;
import dev.kerrera.engine.Engine;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.peer.Peer;
import dev.kerrera.task.Randomness;

/** Puts the upkeep services of one instance together. */
public final class MaintenanceWiring {

    private final Settings settings;
    private final Peer peer;
    private final Engine engine;
    private final Notifier notifier;

    public MaintenanceWiring(Settings settings, Peer peer, Engine engine, Notifier notifier) {
        this.settings = settings;
        this.peer = peer;
        this.engine = engine;
        this.notifier = notifier;
    }

    public Stager stager() {
        return new Stager(settings.stager(), peer::leads, engine.staging(), notifier, Randomness.PER_THREAD);
    }

    public Pruner pruner() {
        return new Pruner(settings.pruner(), peer::leads, engine.pruning(), Randomness.PER_THREAD);
    }

    public Lifeline lifeline() {
        return new Lifeline(settings.lifeline(), peer::leads, engine.rescuing(), notifier, Randomness.PER_THREAD);
    }
}
