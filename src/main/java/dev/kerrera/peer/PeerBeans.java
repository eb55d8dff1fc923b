package dev.kerrera.peer;

import dev.kerrera.config.Settings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.task.Randomness;
import dev.kerrera.telemetry.Telemetry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Offers leadership to injection. */
@ApplicationScoped
class PeerBeans {

    @Produces
    @Singleton
    Peer peer(Settings settings, Jdbc jdbc, Notifier notifier, Telemetry telemetry) {
        return new Peer(
                settings.peer(),
                settings.name(),
                new Lease(jdbc, settings.prefix(), settings.name(), settings.node()),
                notifier,
                telemetry,
                Randomness.PER_THREAD);
    }
}
