package dev.kerrera.admin;

import dev.kerrera.NodeStatus;
import dev.kerrera.Vitals;
import dev.kerrera.notifier.ListenerStatus;
import dev.kerrera.notifier.Listening;
import dev.kerrera.queue.QueueStatus;
import dev.kerrera.queue.Queues;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Locale;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Up while the node can take and run jobs: started, and the database answers. A listener that is down is told but does not count,
 * because polling carries on.
 */
@Readiness
@ApplicationScoped
class ReadyCheck implements HealthCheck {

    @Inject
    private Vitals vitals;

    @Inject
    private Listening listening;

    @Inject
    private Queues queues;

    @Override
    public HealthCheckResponse call() {
        NodeStatus node = vitals.start();
        NodeStatus database = vitals.database();
        ListenerStatus listener = listening.status();
        HealthCheckResponseBuilder response = HealthCheckResponse.named("kerrera-ready")
                .status(node.up() && database.up())
                .withData("node", node.reason())
                .withData("database", database.reason())
                .withData("listener", listener.state().name().toLowerCase(Locale.ROOT))
                .withData("listener.reason", listener.reason());
        for (QueueStatus queue : queues.status()) {
            response.withData("queue." + queue.queue(), describe(queue));
        }
        return response.build();
    }

    private static String describe(QueueStatus queue) {
        String state = queue.stopping() ? "stopping" : "running";
        String abandoned = queue.abandoned().isEmpty()
                ? ""
                : ", %d abandoned".formatted(queue.abandoned().size());
        return "%s, %d of %d jobs%s".formatted(state, queue.running().size(), queue.limit(), abandoned);
    }
}
