package dev.kerrera.insert;

import dev.kerrera.config.Internal;
import dev.kerrera.db.Jdbc;
import dev.kerrera.engine.BulkInsertion;
import dev.kerrera.engine.Insertion;
import dev.kerrera.engine.UniqueInsertion;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.worker.WorkerRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Offers the inserters to injection. */
@ApplicationScoped
class InsertBeans {

    @Produces
    @Singleton
    Inserter inserter(
            Insertion insertion,
            UniqueInsertion unique,
            WorkerRegistry workers,
            Notifier notifier,
            @Internal Clock clock) {
        return new Inserter(insertion, unique, workers, notifier, clock);
    }

    @Produces
    @Singleton
    BulkInserter bulkInserter(
            BulkInsertion insertion, Jdbc jdbc, WorkerRegistry workers, Notifier notifier, @Internal Clock clock) {
        return new BulkInserter(insertion, jdbc, workers, notifier, clock);
    }
}
