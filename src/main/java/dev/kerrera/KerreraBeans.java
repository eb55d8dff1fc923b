package dev.kerrera;

import dev.kerrera.config.Settings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.migration.Migrator;
import dev.kerrera.maintenance.Lifeline;
import dev.kerrera.maintenance.Pruner;
import dev.kerrera.maintenance.Stager;
import dev.kerrera.notifier.Listening;
import dev.kerrera.peer.Peer;
import dev.kerrera.queue.Queues;
import dev.kerrera.task.Threads;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Puts a node together. */
@ApplicationScoped
class KerreraBeans {

    @Produces
    @Singleton
    Upkeep upkeep(Peer peer, Stager stager, Pruner pruner, Lifeline lifeline) {
        return new Upkeep(peer, stager, pruner, lifeline);
    }

    @Produces
    @Singleton
    Lifecycle lifecycle(Settings settings, Migrator migrator, Queues queues, Upkeep upkeep, Threads threads) {
        return new Lifecycle(settings, migrator, queues, upkeep, threads.timer());
    }

    @Produces
    @Singleton
    Vitals vitals(Lifecycle lifecycle, Jdbc jdbc, Listening listening, Queues queues, Upkeep upkeep) {
        return new Vitals(lifecycle, jdbc, listening, queues, upkeep);
    }
}
