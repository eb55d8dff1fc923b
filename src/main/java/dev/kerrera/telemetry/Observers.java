package dev.kerrera.telemetry;

import dev.kerrera.task.ApplicationCode;
import jakarta.enterprise.event.NotificationOptions;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.EventContext;
import jakarta.enterprise.inject.spi.EventMetadata;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.enterprise.inject.spi.ObserverMethod;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Fires CDI events so that observers cannot hurt each other.
 *
 * <p>{@code Event.fire} gives up at the first observer that throws, so the observers are called one by one here. Asynchronous
 * observers run on the given executor and are kept apart by CDI itself. The request scope is active in all of them. Thread-safe.
 */
public final class Observers {

    private static final System.Logger LOG = System.getLogger(Observers.class.getName());

    private final BeanManager beans;
    private final ApplicationCode application;
    private final Executor executor;

    public Observers(BeanManager beans, ApplicationCode application, Executor executor) {
        this.beans = beans;
        this.application = application;
        this.executor = executor;
    }

    /** Delivers the event to every observer of its type and qualifiers. */
    public <T> void fire(T event, Annotation... qualifiers) {
        List<ObserverMethod<? super T>> observers = new ArrayList<>(beans.resolveObserverMethods(event, qualifiers));
        observers.sort(
                Comparator.comparingInt(ObserverMethod::getPriority)); // the container leaves the order to the caller
        boolean asynchronous = false;
        for (ObserverMethod<? super T> observer : observers) {
            if (observer.isAsync()) {
                asynchronous = true;
            } else {
                notify(observer, event, Set.of(qualifiers));
            }
        }
        if (asynchronous) {
            fireAsync(event, qualifiers);
        }
    }

    private <T> void notify(ObserverMethod<? super T> observer, T event, Set<Annotation> qualifiers) {
        try {
            application.call(() -> {
                observer.notify(new Occurrence<>(event, qualifiers));
                return event;
            });
        } catch (Throwable failure) {
            logFailure(observer.getBeanClass().getName(), event, failure);
        }
    }

    @SuppressWarnings({"unchecked", "FutureReturnValueIgnored"}) // the event's class is its type; failures are logged
    private <T> void fireAsync(T event, Annotation... qualifiers) {
        beans.getEvent()
                .select((Class<T>) event.getClass(), qualifiers)
                .fireAsync(event, NotificationOptions.ofExecutor(executor))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        logFailure("asynchronous", event, failure);
                    }
                });
    }

    private static void logFailure(String observer, Object event, Throwable failure) {
        LOG.log(
                System.Logger.Level.WARNING,
                "Observer %s failed on %s; other observers are not affected".formatted(observer, event),
                failure);
    }

    private record Occurrence<T>(T event, Set<Annotation> qualifiers) implements EventContext<T>, EventMetadata {

        @Override
        public T getEvent() {
            return event;
        }

        @Override
        public EventMetadata getMetadata() {
            return this;
        }

        @Override
        public Set<Annotation> getQualifiers() {
            return qualifiers;
        }

        @Override
        public @Nullable InjectionPoint getInjectionPoint() {
            return null;
        }

        @Override
        public Type getType() {
            return event.getClass();
        }
    }
}
