package dev.kerrera.telemetry;

import dev.kerrera.task.ApplicationCode;
import dev.kerrera.task.Threads;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;
import java.util.List;

/** Offers telemetry to injection: the server's log first, then CDI observers. */
@ApplicationScoped
class TelemetryBeans {

    @Produces
    @Singleton
    Observers observers(BeanManager beans, ApplicationCode application, Threads threads) {
        return new Observers(beans, application, threads);
    }

    @Produces
    @Singleton
    Telemetry telemetry(Observers observers) {
        return new Telemetry(List.of(new DefaultLog(), observers::fire));
    }
}
