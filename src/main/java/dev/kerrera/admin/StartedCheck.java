package dev.kerrera.admin;

import dev.kerrera.NodeStatus;
import dev.kerrera.Vitals;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Up once the schema is verified and the queues run. */
@Startup
@ApplicationScoped
class StartedCheck implements HealthCheck {

    @Inject
    private Vitals vitals;

    @Override
    public HealthCheckResponse call() {
        NodeStatus status = vitals.start();
        return HealthCheckResponse.named("kerrera-started")
                .status(status.up())
                .withData("schema", status.reason())
                .build();
    }
}
