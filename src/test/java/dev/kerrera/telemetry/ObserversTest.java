package dev.kerrera.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.kerrera.task.ApplicationCode;
import dev.kerrera.task.BareCode;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.inject.Inject;
import jakarta.inject.Qualifier;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObserversTest {

    private static final List<String> TOLD = new CopyOnWriteArrayList<>();

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> new Thread(task, "given-thread"));
    private WeldContainer container;
    private Observers observers;

    /** What an application's observers see. */
    record Happened(String what) {}

    @Qualifier @Retention(RetentionPolicy.RUNTIME)
    @interface Loud {
        final class Literal extends AnnotationLiteral<Loud> implements Loud {
            private static final long serialVersionUID = 1L;
        }
    }

    @Qualifier @Retention(RetentionPolicy.RUNTIME)
    @interface Named {
        String value();

        final class Literal extends AnnotationLiteral<Named> implements Named {
            private static final long serialVersionUID = 1L;
            private final String value;

            Literal(String value) {
                this.value = value;
            }

            @Override
            public String value() {
                return value;
            }
        }
    }

    @RequestScoped
    static class Visit {
        String id() {
            return "visit";
        }
    }

    @ApplicationScoped
    static class Application {

        @Inject
        Visit visit;

        void third(@Observes @Priority(3_000) Happened event) {
            TOLD.add("third " + event.what() + " in a " + visit.id());
        }

        void first(@Observes @Priority(1_000) Happened event) {
            TOLD.add("first");
            switch (event.what()) {
                case "exception" -> throw new IllegalStateException("an observer failed");
                case "error" -> throw new AssertionError("an observer failed badly");
                case "missing class" -> throw new NoClassDefFoundError("an observer misses a class");
                default -> {}
            }
        }

        void second(@Observes @Priority(2_000) Happened event) throws Exception {
            TOLD.add("second");
            if (event.what().equals("exception")) {
                throw new Exception("a checked one");
            }
        }

        void loud(@Observes @Loud Happened event) {
            TOLD.add("loud");
        }

        void named(@Observes @Named("a") Happened event) {
            TOLD.add("named a");
        }

        void other(@Observes @Named("b") Happened event) {
            TOLD.add("named b");
        }

        void both(@Observes @Loud @Named("a") Happened event) {
            TOLD.add("loud and named a");
        }

        void later(@ObservesAsync Happened event) {
            TOLD.add("later on " + Thread.currentThread().getName() + " in a " + visit.id());
        }

        void failingLater(@ObservesAsync Happened event) {
            throw new IllegalStateException("an asynchronous observer failed");
        }
    }

    @BeforeEach
    void start() {
        TOLD.clear();
        container = new Weld()
                .disableDiscovery()
                .addBeanClasses(Application.class, Visit.class)
                .initialize();
        ApplicationCode inRequest = new BareCode() {
            @Override
            public <T> T call(Callable<T> code) throws Exception {
                RequestContextController request =
                        container.select(RequestContextController.class).get();
                request.activate();
                try {
                    return code.call();
                } finally {
                    request.deactivate();
                }
            }
        };
        observers = new Observers(container.getBeanManager(), inRequest, threads);
    }

    @AfterEach
    void stop() {
        container.shutdown();
        threads.shutdownNow();
    }

    @Test
    void observers_are_told_in_the_order_of_their_priority() {
        observers.fire(new Happened("fine"));

        assertThat(synchronously()).containsExactly("first", "second", "third fine in a visit");
    }

    @Test
    void an_observer_that_throws_keeps_the_event_from_nobody() {
        observers.fire(new Happened("exception"));

        assertThat(synchronously()).containsExactly("first", "second", "third exception in a visit");
        await().until(() -> TOLD.stream().anyMatch(told -> told.startsWith("later")));
    }

    @Test
    void nor_does_one_that_fails_with_an_error() {
        observers.fire(new Happened("error"));
        observers.fire(new Happened("missing class"));

        assertThat(synchronously())
                .containsExactly(
                        "first",
                        "second",
                        "third error in a visit",
                        "first",
                        "second",
                        "third missing class in a visit");
    }

    @Test
    void surroundings_that_cannot_be_made_do_not_reach_who_fires() {
        ApplicationCode broken = new BareCode() {
            @Override
            public <T> T call(Callable<T> code) {
                throw new NoClassDefFoundError("a surrounding misses a class");
            }
        };

        Observers unfortunate = new Observers(container.getBeanManager(), broken, threads);

        assertThatCode(() -> unfortunate.fire(new Happened("fine"))).doesNotThrowAnyException();
        assertThat(TOLD).isEmpty();
    }

    @Test
    void asynchronous_observers_run_on_the_given_threads() {
        observers.fire(new Happened("fine"));

        await().until(() -> TOLD.contains("later on given-thread in a visit"));
    }

    @Test
    void every_qualifier_of_the_event_matches() {
        Happened event = new Happened("fine");

        observers.audience(event, new Named.Literal("a"), new Loud.Literal()).tell(event);

        assertThat(synchronously())
                .contains("named a", "loud and named a", "loud", "first")
                .doesNotContain("named b");
    }

    @Test
    void an_event_nobody_observes_is_nothing() {
        observers.fire("an event");

        assertThat(TOLD).isEmpty();
    }

    private static List<String> synchronously() {
        return TOLD.stream().filter(told -> !told.startsWith("later")).toList();
    }
}
