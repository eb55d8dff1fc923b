package dev.kerrera.peer;

import dev.kerrera.config.Settings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.telemetry.Telemetry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.ThreadLocalRandom;

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
                () -> ThreadLocalRandom.current().nextLong());
    }
}
