package dev.kerrera.telemetry;

import dev.kerrera.config.OfInstance;
import dev.kerrera.task.ApplicationCode;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.EventContext;
import jakarta.enterprise.inject.spi.EventMetadata;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.enterprise.inject.spi.ObserverMethod;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Fires the CDI events of one instance so that observers cannot hurt each other.
 *
 * <p>{@code Event.fire} gives up at the first observer that throws, and knows no observer that does not want the events of other
 * instances, so the observers are chosen and called one by one here. Asynchronous ones run on the given executor, beside each
 * other. The request scope is active in all of them. Thread-safe.
 */
public final class Observers {

    private static final System.Logger LOG = System.getLogger(Observers.class.getName());

    private final BeanManager beans;
    private final ApplicationCode application;
    private final Executor executor;
    private final Set<Annotation> instance;
    private final Map<Class<?>, Audience> unqualified = new ConcurrentHashMap<>();

    /** Those that observe the main instance. */
    public Observers(BeanManager beans, ApplicationCode application, Executor executor) {
        this(beans, application, executor, null);
    }

    /** @param instance the instance they observe; null for the main one */
    public Observers(BeanManager beans, ApplicationCode application, Executor executor, @Nullable OfInstance instance) {
        this.beans = beans;
        this.application = application;
        this.executor = executor;
        this.instance = instance == null ? Set.of() : Set.of(instance);
    }

    /** Delivers the event to every observer of its type and this instance. Costs next to nothing where there is none. */
    public <T> void fire(T event) {
        unqualified.computeIfAbsent(event.getClass(), type -> audience(event)).tell(event);
    }

    /**
     * The observers of this instance for events such as the given one with such qualifiers. To look for them costs more than to call
     * one, so whoever fires often keeps them.
     */
    public Audience audience(Object like, Annotation... qualifiers) {
        Set<Annotation> all = new LinkedHashSet<>(instance);
        all.addAll(List.of(qualifiers));
        return new Audience(observers(like, all), all);
    }

    /** Those who observe events of one type with the same qualifiers. Thread-safe. */
    public final class Audience {

        private final List<ObserverMethod<?>> observers;
        private final Set<Annotation> qualifiers;

        private Audience(List<ObserverMethod<?>> observers, Set<Annotation> qualifiers) {
            this.observers = observers;
            this.qualifiers = qualifiers;
        }

        /** Whether there is nobody to tell. */
        public boolean isEmpty() {
            return observers.isEmpty();
        }

        /** Delivers the event to each, those of high priority first. */
        public void tell(Object event) {
            observers.forEach(observer -> hand(observer, event, qualifiers));
        }
    }

    private List<ObserverMethod<?>> observers(Object event, Set<Annotation> qualifiers) {
        List<ObserverMethod<?>> found = new ArrayList<>();
        beans.resolveObserverMethods(event, qualifiers.toArray(Annotation[]::new)).stream()
                .filter(this::observesInstance)
                .sorted(Comparator.comparingInt(
                        ObserverMethod::getPriority)) // the container leaves the order to the caller
                .forEach(found::add);
        return found;
    }

    /** An observer that names no instance observes the main one, not all of them. */
    private boolean observesInstance(ObserverMethod<?> observer) {
        return observer.getObservedQualifiers().containsAll(instance);
    }

    private void hand(ObserverMethod<?> observer, Object event, Set<Annotation> qualifiers) {
        if (!observer.isAsync()) {
            notify(observer, event, qualifiers);
            return;
        }
        try {
            executor.execute(() -> notify(observer, event, qualifiers));
        } catch (RuntimeException refused) {
            logFailure(observer, event, refused);
        }
    }

    @SuppressWarnings("unchecked") // the container says that it observes the event
    private void notify(ObserverMethod<?> observer, Object event, Set<Annotation> qualifiers) {
        try {
            application.call(() -> {
                ((ObserverMethod<Object>) observer).notify(new Occurrence<>(event, qualifiers));
                return event;
            });
        } catch (Throwable failure) {
            logFailure(observer, event, failure);
        }
    }

    private static void logFailure(ObserverMethod<?> observer, Object event, Throwable failure) {
        LOG.log(
                System.Logger.Level.WARNING,
                "Observer %s failed on %s; other observers are not affected"
                        .formatted(observer.getBeanClass().getName(), event),
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
