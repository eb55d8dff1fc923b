package dev.kerrera.maintenance;

import dev.kerrera.config.Settings;
import dev.kerrera.engine.Pruning;
import dev.kerrera.engine.Rescuing;
import dev.kerrera.engine.Staging;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.peer.Peer;
import dev.kerrera.task.Randomness;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Offers the upkeep services to injection. */
@ApplicationScoped
class MaintenanceBeans {

    @Produces
    @Singleton
    Stager stager(Settings settings, Peer peer, Staging staging, Notifier notifier) {
        return new Stager(settings.stager(), peer::leads, staging, notifier, Randomness.PER_THREAD);
    }

    @Produces
    @Singleton
    Pruner pruner(Settings settings, Peer peer, Pruning pruning) {
        return new Pruner(settings.pruner(), peer::leads, pruning, Randomness.PER_THREAD);
    }

    @Produces
    @Singleton
    Lifeline lifeline(Settings settings, Peer peer, Rescuing rescuing, Notifier notifier) {
        return new Lifeline(settings.lifeline(), peer::leads, rescuing, notifier, Randomness.PER_THREAD);
    }
}
