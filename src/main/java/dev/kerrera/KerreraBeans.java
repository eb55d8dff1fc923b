package dev.kerrera;

import dev.kerrera.config.Settings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.migration.Migrator;
import dev.kerrera.maintenance.Stager;
import dev.kerrera.notifier.Listening;
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
    Lifecycle lifecycle(Settings settings, Migrator migrator, Queues queues, Stager stager, Threads threads) {
        return new Lifecycle(settings, migrator, queues, stager, threads.timer());
    }

    @Produces
    @Singleton
    Vitals vitals(Lifecycle lifecycle, Jdbc jdbc, Listening listening, Queues queues, Stager stager) {
        return new Vitals(lifecycle, jdbc, listening, queues, stager);
    }
}
