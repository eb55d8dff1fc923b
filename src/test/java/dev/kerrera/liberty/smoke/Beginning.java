package dev.kerrera.liberty.smoke;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.enterprise.concurrent.ManagedExecutorDefinition;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.inject.Inject;
import java.util.concurrent.CompletableFuture;
import javax.naming.InitialContext;
import javax.naming.NamingException;

@Singleton
@Startup
@ManagedExecutorDefinition(name = "java:module/concurrent/smoke", virtual = true)
public class Beginning {
    @Inject
    Greeter greeter;

    @Resource(lookup = "java:module/concurrent/smoke")
    ManagedExecutorService executor;

    private CompletableFuture<String> greeting;

    @PostConstruct
    void begin() {
        greeting =
                executor.supplyAsync(() -> greeter.greeting() + " from " + lookup() + " on " + Thread.currentThread());
    }

    public CompletableFuture<String> greeting() {
        return greeting;
    }

    private static String lookup() {
        try {
            return new InitialContext().lookup("java:module/ModuleName").toString();
        } catch (NamingException e) {
            throw new IllegalStateException(e);
        }
    }
}
