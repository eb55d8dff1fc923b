package dev.kerrera.notifier;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.concurrent.ContextServiceDefinition;
import jakarta.enterprise.concurrent.ManagedExecutorDefinition;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorDefinition;
import jakarta.inject.Inject;

/**
 * Starts the listen loops with the application and stops them last. Only the container uses it; it is public because containers
 * demand it.
 *
 * <p>It also declares the executor and the timer of all of Kerrera's threads. They take the application's class loader and names with them,
 * but nothing of the caller that happened to wake them: neither its security identity nor its transaction.
 */
@Singleton(name = "KerreraNotifier")
@Startup
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionManagement(TransactionManagementType.BEAN)
@ContextServiceDefinition(
        name = "java:module/concurrent/kerrera-context",
        propagated = ContextServiceDefinition.APPLICATION,
        cleared = ContextServiceDefinition.ALL_REMAINING)
@ContextServiceDefinition(
        name = "java:module/concurrent/kerrera-place",
        propagated = {},
        cleared = ContextServiceDefinition.TRANSACTION,
        unchanged = ContextServiceDefinition.ALL_REMAINING)
@ManagedExecutorDefinition(
        name = "java:module/concurrent/kerrera",
        context = "java:module/concurrent/kerrera-context",
        virtual = true)
@ManagedScheduledExecutorDefinition(
        name = "java:module/concurrent/kerrera-timer",
        context = "java:module/concurrent/kerrera-context",
        virtual = true)
public class KerreraNotifier {

    @Inject
    private Listeners listeners;

    @PostConstruct
    void start() {
        listeners.start();
    }

    @PreDestroy
    void stop() {
        listeners.stop();
    }
}
