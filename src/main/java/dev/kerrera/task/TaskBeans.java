package dev.kerrera.task;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ContextService;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.UserTransaction;

/** Offers the way to call application code to injection. */
@ApplicationScoped
class TaskBeans {

    @Resource(lookup = "java:comp/TransactionSynchronizationRegistry")
    private TransactionSynchronizationRegistry transactions;

    @Resource(lookup = "java:module/concurrent/kerrera")
    private ManagedExecutorService executor;

    @Resource(lookup = "java:module/concurrent/kerrera-timer")
    private ManagedScheduledExecutorService timer;

    @Resource(lookup = "java:module/concurrent/kerrera-context")
    private ContextService contexts;

    @Resource(lookup = "java:module/concurrent/kerrera-place")
    private ContextService places;

    /** Typed, or it would answer whenever an application injects an {@code Executor}. */
    @Produces
    @Singleton
    @Typed(Threads.class)
    Threads threads() {
        return new Threads(executor, timer, contexts, places);
    }

    @Produces
    @Singleton
    ApplicationCode applicationCode(
            Threads threads, Instance<RequestContextController> controllers, Instance<UserTransaction> transaction) {
        return new ContainerCode(threads::apart, controllers, transactions, transaction);
    }
}
