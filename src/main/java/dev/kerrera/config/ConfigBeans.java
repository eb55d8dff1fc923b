package dev.kerrera.config;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;

/** Offers the settings and the clock to injection. */
@ApplicationScoped
class ConfigBeans {

    private static final Duration MICROSECOND = Duration.ofNanos(1_000);

    @Produces
    @Singleton
    Instances instances() {
        return DeployedSettings.read();
    }

    /** Ticks in microseconds, the resolution of PostgreSQL, so that what is written is what is read back. */
    @Produces
    @Singleton
    @Internal
    Clock clock() {
        return Clock.tick(Clock.systemUTC(), MICROSECOND);
    }
}
