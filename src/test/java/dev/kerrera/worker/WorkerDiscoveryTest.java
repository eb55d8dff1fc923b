package dev.kerrera.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kerrera.job.Job;
import jakarta.annotation.PreDestroy;
import jakarta.decorator.Decorator;
import jakarta.decorator.Delegate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.lang.reflect.ParameterizedType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkerDiscoveryTest {

    private static final List<String> ENDED = new ArrayList<>();

    private WeldContainer container;
    private WorkerDiscovery discovery;

    record Receipt(long order) {}

    @Dependent
    static class Mailer {
        @PreDestroy
        void end() {
            ENDED.add("mailer");
        }
    }

    @Work
    static class Plain implements Worker<Receipt> {
        @Inject
        Mailer mailer;

        @Override
        public Outcome perform(Receipt receipt, JobContext job) {
            return Outcome.discard("order " + receipt.order() + (mailer == null ? " without" : " with") + " mailer");
        }

        @PreDestroy
        void end() {
            ENDED.add("worker");
        }
    }

    @Work(
            queue = "mail",
            name = "mail.send",
            maxAttempts = 3,
            priority = 2,
            tags = {"a", "b"})
    static class Configured implements Worker<JsonObject> {
        @Override
        public Outcome perform(JsonObject args, JobContext job) {
            return Outcome.ok();
        }
    }

    @Work(name = "timed")
    @Cron(value = "0 6 * * *", name = "morning", timezone = "Europe/Berlin", args = "{\"a\": 1}", catchUp = "skip")
    @Cron("@daily")
    static class Timed implements Worker<Map<String, Object>> {
        @Override
        public Outcome perform(Map<String, Object> args, JobContext job) {
            return Outcome.ok();
        }
    }

    @Work(name = "once timed")
    @Cron(value = "@daily", args = "{}")
    static class OnceTimed extends Timed {}

    @Work(name = "twice timed")
    @Cron("@daily")
    @Cron(value = "@daily", meta = "{\"a\": 1}")
    static class TwiceTimed extends Timed {}

    @Work
    static class WithMap implements Worker<Map<String, Object>> {
        @Override
        public Outcome perform(Map<String, Object> args, JobContext job) {
            return Outcome.ok();
        }
    }

    @Decorator
    abstract static class Hurried implements Worker<JsonObject> {
        @Inject
        @Delegate
        Worker<JsonObject> worker;

        @Override
        public Optional<Duration> timeout(Job job) {
            return Optional.of(Duration.ofSeconds(1));
        }
    }

    abstract static class Base<X, A> implements Worker<A> {
        @Override
        public Outcome perform(A args, JobContext job) {
            return Outcome.ok();
        }
    }

    abstract static class Middle<A> extends Base<String, A> {}

    @Work
    static class Inherited extends Middle<Receipt> {}

    interface ReceiptWorker extends Worker<Receipt> {}

    @Work
    static class ThroughInterface implements ReceiptWorker {
        @Override
        public Outcome perform(Receipt args, JobContext job) {
            return Outcome.ok();
        }
    }

    /** Extends a worker without being one itself. */
    static class NotAnnotated extends Configured {}

    @Work
    @ApplicationScoped
    static class Shared implements Worker<Receipt> {
        private int runs;

        @Override
        public Outcome perform(Receipt args, JobContext job) {
            return Outcome.discard("run " + ++runs);
        }

        @PreDestroy
        void end() {
            ENDED.add("shared");
        }
    }

    @BeforeEach
    void start() {
        ENDED.clear();
        discovery = new WorkerDiscovery();
        container = new Weld()
                .disableDiscovery()
                .addExtension(discovery)
                .addExtension(new ForeignBeans())
                .addBeanClasses(
                        Mailer.class,
                        Plain.class,
                        Configured.class,
                        WithMap.class,
                        Inherited.class,
                        ThroughInterface.class,
                        NotAnnotated.class,
                        Shared.class,
                        Timed.class,
                        OnceTimed.class,
                        TwiceTimed.class)
                .initialize();
    }

    @AfterEach
    void stop() {
        container.shutdown();
    }

    /** Other extensions add beans that have no class of the application behind them. */
    static final class ForeignBeans implements Extension {
        void add(@Observes AfterBeanDiscovery event) {
            event.addBean().types(StringBuilder.class).createWith(context -> new StringBuilder());
        }
    }

    @Test
    void the_annotation_alone_makes_a_bean_and_a_worker() {
        assertThat(registry().names())
                .containsExactlyInAnyOrder(
                        Plain.class.getName(),
                        "mail.send",
                        WithMap.class.getName(),
                        Inherited.class.getName(),
                        ThroughInterface.class.getName(),
                        Shared.class.getName(),
                        "timed",
                        "once timed",
                        "twice timed");
        assertThat(container.select(Plain.class).isResolvable()).isTrue();
        assertThat(container.getBeanManager().isStereotype(Work.class))
                .as("@Work defines a bean wherever annotated classes are discovered")
                .isTrue();
        assertThat(discovery.problems()).isEmpty();
    }

    @Test
    void the_annotation_gives_jobs_their_defaults() {
        WorkerDefinition plain = registry().of(Plain.class);
        WorkerDefinition configured = registry().find("mail.send").orElseThrow();

        assertThat(plain.defaults().queue()).isEqualTo("default");
        assertThat(plain.defaults().maxAttempts()).isEqualTo(20);
        assertThat(plain.defaults().priority()).isZero();
        assertThat(plain.defaults().tags()).isEmpty();
        assertThat(configured.beanClass()).isEqualTo(Configured.class);
        assertThat(configured.defaults().queue()).isEqualTo("mail");
        assertThat(configured.defaults().maxAttempts()).isEqualTo(3);
        assertThat(configured.defaults().priority()).isEqualTo(2);
        assertThat(configured.defaults().tags()).containsExactly("a", "b");
    }

    @Test
    void the_type_of_args_is_found_however_it_is_given() {
        assertThat(registry().of(Plain.class).argsType()).isEqualTo(Receipt.class);
        assertThat(registry().of(Configured.class).argsType()).isEqualTo(JsonObject.class);
        assertThat(registry().of(Inherited.class).argsType()).isEqualTo(Receipt.class);
        assertThat(registry().of(ThroughInterface.class).argsType()).isEqualTo(Receipt.class);
        assertThat(registry().of(WithMap.class).argsType()).isInstanceOfSatisfying(ParameterizedType.class, map -> {
            assertThat(map.getRawType()).isEqualTo(Map.class);
            assertThat(map.getActualTypeArguments()).containsExactly(String.class, Object.class);
        });
    }

    @Test
    void a_worker_of_no_scope_is_new_for_each_run_and_ends_with_what_depends_on_it() throws Exception {
        WorkerDefinition plain = registry().of(Plain.class);

        Worker<?> first;
        try (WorkerInstance run = plain.obtain()) {
            first = run.worker();
            assertThat(run.perform(new Receipt(7), null)).isEqualTo(Outcome.discard("order 7 with mailer"));
            assertThat(ENDED).isEmpty();
        }
        assertThat(ENDED).containsExactlyInAnyOrder("worker", "mailer");
        try (WorkerInstance run = plain.obtain()) {
            assertThat(run.worker()).isNotSameAs(first);
        }
        assertThat(ENDED).hasSize(4);
    }

    @Test
    void a_worker_of_the_application_scope_is_shared_by_runs_and_outlives_them() throws Exception {
        WorkerDefinition shared = registry().of(Shared.class);

        try (WorkerInstance first = shared.obtain();
                WorkerInstance second = shared.obtain()) {
            assertThat(first.perform(new Receipt(1), null)).isEqualTo(Outcome.discard("run 1"));
            assertThat(second.perform(new Receipt(2), null)).isEqualTo(Outcome.discard("run 2"));
        }
        assertThat(ENDED).isEmpty();

        container.shutdown();
        assertThat(ENDED).containsExactly("shared");
        start();
    }

    @Test
    void what_a_class_says_of_the_crontab_is_found_once_or_repeated() {
        Map<String, List<CronLine>> crons = registry().crons();

        assertThat(crons).isEqualTo(discovery.crons()).containsKey("mail.send");
        assertThat(crons.get("mail.send")).isEmpty();
        assertThat(crons.get("timed"))
                .containsExactlyInAnyOrder(
                        new CronLine("morning", "0 6 * * *", "Europe/Berlin", "{\"a\": 1}", "{}", "skip"),
                        new CronLine("4eed4880", "@daily", "", "{}", "{}", ""));
        assertThat(crons.get("once timed")).hasSize(1);
    }

    @Test
    void an_entry_without_a_name_gets_one_of_what_it_is() {
        List<CronLine> timed = registry().crons().get("timed");
        CronLine once = registry().crons().get("once timed").get(0);

        assertThat(once.name()).matches("[0-9a-f]{8}");
        assertThat(timed).extracting(CronLine::name).contains("morning").doesNotContain(once.name());
        assertThat(registry().crons().get("twice timed"))
                .extracting(CronLine::name)
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void a_class_that_is_no_worker_is_not_found() {
        assertThat(registry().find("nobody")).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry().of(NotAnnotated.class))
                .withMessage(
                        "%s is not a worker of this application: implement Worker and annotate the class with @Work",
                        NotAnnotated.class.getName());
    }

    @Test
    void a_worker_is_asked_only_for_what_its_class_decides_unless_it_is_decorated() {
        assertThat(registry().of(Configured.class).decisions()).isEqualTo(new Decisions(false, false));
        try (WeldContainer other = new Weld()
                .containerId("decorated")
                .disableDiscovery()
                .addExtension(new WorkerDiscovery())
                .addBeanClasses(WorkerBeans.class, Configured.class, Hurried.class)
                .addDecorator(Hurried.class)
                .initialize()) {
            WorkerDefinition decorated =
                    other.select(WorkerRegistry.class).get().of(Configured.class);

            assertThat(decorated.decisions().timeout()).isTrue();
            try (WorkerInstance run = decorated.obtain()) {
                assertThat(run.timeout(null)).hasValue(Duration.ofSeconds(1));
            }
        }
    }

    @Test
    void the_registry_is_offered_to_injection() {
        try (WeldContainer other = new Weld()
                .containerId("registry")
                .disableDiscovery()
                .addExtension(new WorkerDiscovery())
                .addBeanClasses(WorkerBeans.class, Configured.class)
                .initialize()) {
            assertThat(other.select(WorkerRegistry.class).get().names()).containsExactly("mail.send");
        }
    }

    private WorkerRegistry registry() {
        return new WorkerRegistry(discovery.definitions(container.getBeanManager()));
    }
}
