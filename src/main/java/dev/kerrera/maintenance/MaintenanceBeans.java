package dev.kerrera.maintenance;

import dev.kerrera.config.Settings;
import dev.kerrera.engine.Staging;
import dev.kerrera.notifier.Notifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.ThreadLocalRandom;

/** Offers the upkeep services to injection. */
@ApplicationScoped
class MaintenanceBeans {

    @Produces
    @Singleton
    Stager stager(Settings settings, Staging staging, Notifier notifier) {
        return new Stager(
                settings.stager(),
                staging,
                notifier,
                () -> ThreadLocalRandom.current().nextLong());
    }
}
