package dev.kerrera;

import dev.kerrera.config.Internal;
import dev.kerrera.db.Transactions;
import dev.kerrera.notifier.ChannelDiscovery;
import dev.kerrera.task.ApplicationCode;
import dev.kerrera.task.Threads;
import dev.kerrera.worker.WorkerRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Set;

/** What the application and its server give to every instance. */
@ApplicationScoped
class Surroundings {

    @Inject
    private Transactions transactions;

    @Inject
    private Threads threads;

    @Inject
    private ApplicationCode application;

    @Inject
    private WorkerRegistry workers;

    @Inject
    private BeanManager beans;

    @Inject
    @Internal
    private Clock clock;

    Transactions transactions() {
        return transactions;
    }

    Threads threads() {
        return threads;
    }

    ApplicationCode application() {
        return application;
    }

    WorkerRegistry workers() {
        return workers;
    }

    BeanManager beans() {
        return beans;
    }

    Clock clock() {
        return clock;
    }

    /** The channels that the application observes of an instance, without prefix; the main one has an empty name. */
    Set<String> channels(String instance) {
        return beans.getExtension(ChannelDiscovery.class).channels(instance);
    }
}
