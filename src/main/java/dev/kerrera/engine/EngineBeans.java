package dev.kerrera.engine;

import dev.kerrera.config.Internal;
import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Offers the transitions on the jobs table to injection. */
@ApplicationScoped
class EngineBeans {

    @Produces
    @Singleton
    Insertion insertion(Jdbc jdbc, Prefix prefix) {
        return new Insertion(jdbc, prefix);
    }

    @Produces
    @Singleton
    Fetching fetching(Jdbc jdbc, Prefix prefix, @Internal Clock clock) {
        return new Fetching(jdbc, prefix, clock);
    }

    @Produces
    @Singleton
    Acknowledgement acknowledgement(Jdbc jdbc, Prefix prefix, @Internal Clock clock) {
        return new Acknowledgement(jdbc, prefix, clock);
    }

    @Produces
    @Singleton
    Staging staging(Jdbc jdbc, Prefix prefix, @Internal Clock clock) {
        return new Staging(jdbc, prefix, clock);
    }
}
