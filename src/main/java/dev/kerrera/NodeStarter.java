package dev.kerrera;

import dev.kerrera.task.Threads;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/**
 * Starts the instances with the web application, after the notifier, and stops them before the notifier, so that signals still arrive
 * while jobs run out.
 *
 * <p>Not an EJB: workers run in the context that starts them, and in the context of an EJB the container's
 * {@code UserTransaction} refuses to serve anybody but that EJB.
 */
@ApplicationScoped
class NodeStarter {

    @Inject
    private Threads threads;

    @Inject
    private Nodes nodes;

    void start(@Observes @Initialized(ApplicationScoped.class) Object application) {
        threads.adoptContext();
        nodes.start();
    }

    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object application) {
        nodes.stop();
    }
}
