package dev.kerrera.admin;

import dev.kerrera.Nodes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;

/** Up while every loop of the node turns, whether or not what it asks is answered. */
@Liveness
@ApplicationScoped
class LiveCheck implements HealthCheck {

    @Inject
    private Nodes nodes;

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("kerrera-live").up();
        nodes.vitals()
                .forEach((instance, vitals) -> vitals.loops().forEach(loop -> {
                    response.withData(
                            Keys.of(instance, loop.name()),
                            "turned %d ms ago".formatted(loop.age().toMillis()));
                    if (!loop.turning()) {
                        response.down();
                    }
                }));
        return response.build();
    }
}
