package dev.kerrera;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;

/**
 * Starts the node with the application, after the notifier, and stops it before the notifier, so that signals still arrive while
 * jobs run out. Only the container uses it; it is public because containers demand it.
 */
@Singleton(name = "KerreraLifecycle")
@Startup
@DependsOn("KerreraNotifier")
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionManagement(TransactionManagementType.BEAN)
public class KerreraLifecycle {

    @Inject
    private Lifecycle lifecycle;

    @PostConstruct
    void start() {
        lifecycle.start();
    }

    @PreDestroy
    void stop() {
        lifecycle.stop();
    }
}
