package dev.kerrera.insert;

import dev.kerrera.config.Internal;
import dev.kerrera.engine.Insertion;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.worker.WorkerRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Offers the inserter to injection. */
@ApplicationScoped
class InsertBeans {

    @Produces
    @Singleton
    Inserter inserter(Insertion insertion, WorkerRegistry workers, Notifier notifier, @Internal Clock clock) {
        return new Inserter(insertion, workers, notifier, clock);
    }
}
