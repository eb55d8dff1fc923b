package dev.kerrera.admin;

import dev.kerrera.NodeStatus;
import dev.kerrera.Nodes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Startup;

/** Up once the schema is verified and the queues run. */
@Startup
@ApplicationScoped
class StartedCheck implements HealthCheck {

    @Inject
    private Nodes nodes;

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("kerrera-started").up();
        nodes.vitals().forEach((instance, vitals) -> {
            NodeStatus status = vitals.start();
            response.withData(Keys.of(instance, "schema"), status.reason());
            if (Keys.isMain(instance) && !status.up()) {
                response.down();
            }
        });
        return response.build();
    }
}
