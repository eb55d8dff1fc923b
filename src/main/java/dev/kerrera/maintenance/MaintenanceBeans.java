package dev.kerrera.maintenance;

import dev.kerrera.config.Settings;
import dev.kerrera.engine.Pruning;
import dev.kerrera.engine.Rescuing;
import dev.kerrera.engine.Staging;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.peer.Peer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** Offers the upkeep services to injection. */
@ApplicationScoped
class MaintenanceBeans {

    private static final RandomGenerator RANDOM =
            () -> ThreadLocalRandom.current().nextLong();

    @Produces
    @Singleton
    Stager stager(Settings settings, Peer peer, Staging staging, Notifier notifier) {
        return new Stager(settings.stager(), peer::leads, staging, notifier, RANDOM);
    }

    @Produces
    @Singleton
    Pruner pruner(Settings settings, Peer peer, Pruning pruning) {
        return new Pruner(settings.pruner(), peer::leads, pruning, RANDOM);
    }

    @Produces
    @Singleton
    Lifeline lifeline(Settings settings, Peer peer, Rescuing rescuing, Notifier notifier) {
        return new Lifeline(settings.lifeline(), peer::leads, rescuing, notifier, RANDOM);
    }
}
