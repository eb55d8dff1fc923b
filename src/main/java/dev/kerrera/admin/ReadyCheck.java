package dev.kerrera.admin;

import dev.kerrera.NodeStatus;
import dev.kerrera.Nodes;
import dev.kerrera.Vitals;
import dev.kerrera.notifier.ListenerStatus;
import dev.kerrera.queue.QueueStatus;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Locale;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Up while the node can take and run jobs: started, and the database answers. A listener that is down and a node that hears nobody are
 * told but do not count, because polling carries on.
 */
@Readiness
@ApplicationScoped
class ReadyCheck implements HealthCheck {

    @Inject
    private Nodes nodes;

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("kerrera-ready").up();
        nodes.vitals().forEach((instance, vitals) -> tell(response, instance, vitals));
        return response.build();
    }

    private static void tell(HealthCheckResponseBuilder response, String instance, Vitals vitals) {
        NodeStatus node = vitals.start();
        NodeStatus database = vitals.database();
        ListenerStatus listener = vitals.listener();
        response.withData(Keys.of(instance, "node"), node.reason())
                .withData(Keys.of(instance, "database"), database.reason())
                .withData(Keys.of(instance, "listener"), listener.state().name().toLowerCase(Locale.ROOT))
                .withData(Keys.of(instance, "listener.reason"), listener.reason())
                .withData(
                        Keys.of(instance, "connectivity"),
                        vitals.connectivity().name().toLowerCase(Locale.ROOT))
                .withData(Keys.of(instance, "connectivity.nodes"), String.join(", ", vitals.heardNodes()));
        if (Keys.isMain(instance) && (!node.up() || !database.up())) {
            response.down();
        }
        for (QueueStatus queue : vitals.queues()) {
            response.withData(Keys.of(instance, "queue." + queue.queue()), describe(queue));
        }
    }

    private static String describe(QueueStatus queue) {
        String state = queue.stopping() ? "stopping" : queue.paused() ? "paused" : "running";
        String abandoned = queue.abandoned().isEmpty()
                ? ""
                : ", %d abandoned".formatted(queue.abandoned().size());
        return "%s, %d of %d jobs%s".formatted(state, queue.running().size(), queue.limit(), abandoned);
    }
}
