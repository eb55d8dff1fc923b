package dev.kerrera;

import dev.kerrera.task.Threads;
import dev.kerrera.config.Settings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.migration.Migrator;
import dev.kerrera.maintenance.Stager;
import dev.kerrera.notifier.Listening;
import dev.kerrera.queue.Queues;
import dev.kerrera.task.Patience;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Puts a node together. */
@ApplicationScoped
class KerreraBeans {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    @Produces
    @Singleton
    Lifecycle lifecycle(
            Settings settings,
            Migrator migrator,
            Queues queues,
            Stager stager,
            Threads threads) {
        Patience patience =
                new Patience(LONGEST_WAIT, () -> ThreadLocalRandom.current().nextLong());
        return new Lifecycle(settings, migrator, queues, stager, threads, patience);
    }

    @Produces
    @Singleton
    Vitals vitals(Lifecycle lifecycle, Jdbc jdbc, Listening listening, Queues queues, Stager stager) {
        return new Vitals(lifecycle, jdbc, listening, queues, stager);
    }
}
