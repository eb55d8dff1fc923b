package dev.kerrera.maintenance;

import dev.kerrera.config.Settings;
import dev.kerrera.engine.Rescuing;
import dev.kerrera.engine.Staging;
import dev.kerrera.notifier.Notifier;
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
    Stager stager(Settings settings, Staging staging, Notifier notifier) {
        return new Stager(settings.stager(), staging, notifier, RANDOM);
    }

    @Produces
    @Singleton
    Lifeline lifeline(Settings settings, Rescuing rescuing, Notifier notifier) {
        return new Lifeline(settings.lifeline(), rescuing, notifier, RANDOM);
    }
}
