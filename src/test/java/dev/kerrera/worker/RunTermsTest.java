package dev.kerrera.worker;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.enterprise.inject.Stereotype;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.List;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.junit.jupiter.api.Test;

class RunTermsTest {

    abstract static class Fine implements Worker<String> {
        @Override
        public Outcome perform(String args, JobContext job) {
            return Outcome.ok();
        }
    }

    @Work
    static class Plain extends Fine {}

    @Work(timeout = "30s")
    static class Short extends Fine {}

    @Work(timeout = " PT1M30S ", completion = Completion.TRANSACTIONAL)
    static class Iso extends Fine {}

    @Work
    @Transactional
    static class OnClass extends Fine {}

    @Work
    @Transactional(TxType.MANDATORY)
    static class Mandatory extends Fine {}

    @Work
    @Transactional(TxType.REQUIRES_NEW)
    static class OnItsOwn extends Fine {}

    @Work
    @Transactional(TxType.SUPPORTS)
    static class Supporting extends Fine {}

    @Work
    static class OnMethod implements Worker<String> {
        @Override
        @Transactional
        public Outcome perform(String args, JobContext job) {
            return Outcome.ok();
        }

        @Transactional
        public Outcome perform(String other) {
            return Outcome.ok();
        }
    }

    @Work
    @Transactional
    static class MethodGoesBeforeClass implements Worker<String> {
        @Override
        @Transactional(TxType.NOT_SUPPORTED)
        public Outcome perform(String args, JobContext job) {
            return Outcome.ok();
        }
    }

    @Work
    static class OtherMethod extends Fine {
        @Transactional
        void perform(String args) {}
    }

    abstract static class Base<A> implements Worker<A> {
        @Override
        @Transactional
        public Outcome perform(A args, JobContext job) {
            return Outcome.ok();
        }
    }

    @Work
    static class Inherited extends Base<String> {}

    @Work
    static class Overridden extends Base<String> {
        @Override
        public Outcome perform(String args, JobContext job) {
            return Outcome.ok();
        }
    }

    @Transactional
    static class TransactionalBase extends Fine {}

    @Work
    static class InheritedClass extends TransactionalBase {}

    @Stereotype
    @Transactional
    @Retention(RetentionPolicy.RUNTIME)
    @interface Writing {}

    @Work
    @Writing
    static class ByStereotype extends Fine {}

    @Work(completion = Completion.SEPARATE)
    @Transactional
    static class Separate extends Fine {}

    @Work(completion = Completion.TRANSACTIONAL)
    @Transactional(TxType.SUPPORTS)
    static class Both extends Fine {}

    @Work(timeout = "soon")
    static class Unreadable extends Fine {}

    @Work(timeout = "0s")
    static class Zero extends Fine {}

    @Work(timeout = "PT-1S")
    static class Negative extends Fine {}

    @Work(completion = Completion.TRANSACTIONAL)
    @Transactional(TxType.NEVER)
    static class Never extends Fine {}

    @Work(completion = Completion.TRANSACTIONAL)
    @Transactional(TxType.NOT_SUPPORTED)
    static class NotSupported extends Fine {}

    @Work(completion = Completion.TRANSACTIONAL)
    @Transactional(TxType.REQUIRES_NEW)
    static class RequiresNew extends Fine {}

    @Work(completion = Completion.SEPARATE)
    @Transactional(TxType.MANDATORY)
    static class SeparateMandatory extends Fine {}

    @Test
    void nothing_said_is_no_limit_and_no_transaction() {
        assertThat(execution(Plain.class)).isEqualTo(Execution.PLAIN);
    }

    @Test
    void a_timeout_is_read_in_either_form() {
        assertThat(execution(Short.class)).isEqualTo(new Execution(Duration.ofSeconds(30), false));
        assertThat(execution(Iso.class)).isEqualTo(new Execution(Duration.ofSeconds(90), true));
    }

    @Test
    void a_worker_in_a_transaction_completes_its_job_in_it() {
        assertThat(execution(OnClass.class).transactional()).isTrue();
        assertThat(execution(Mandatory.class).transactional()).isTrue();
        assertThat(execution(OnMethod.class).transactional()).isTrue();
        assertThat(execution(Inherited.class).transactional()).isTrue();
        assertThat(execution(InheritedClass.class).transactional()).isTrue();
        assertThat(execution(ByStereotype.class).transactional()).isTrue();
    }

    @Test
    void a_worker_without_one_or_with_one_of_its_own_does_not() {
        assertThat(execution(OnItsOwn.class).transactional()).isFalse();
        assertThat(execution(Supporting.class).transactional()).isFalse();
        assertThat(execution(MethodGoesBeforeClass.class).transactional()).isFalse();
        assertThat(execution(OtherMethod.class).transactional()).isFalse();
        assertThat(execution(Overridden.class).transactional()).isFalse();
    }

    @Test
    void what_is_said_goes_before_what_is_found() {
        assertThat(execution(Separate.class).transactional()).isFalse();
        assertThat(execution(Both.class).transactional()).isTrue();
    }

    @Test
    void timeouts_that_are_none() {
        for (Class<?> worker : List.of(Unreadable.class, Zero.class, Negative.class)) {
            assertThat(problems(worker))
                    .containsExactly(worker.getName() + " has timeout '"
                            + worker.getAnnotation(Work.class).timeout()
                            + "': it must be a duration of more than zero, such as 30s or PT2M");
        }
    }

    @Test
    void transactions_that_cannot_complete_the_job() {
        for (Class<?> worker : List.of(Never.class, NotSupported.class, RequiresNew.class)) {
            assertThat(problems(worker))
                    .singleElement()
                    .asString()
                    .startsWith(worker.getName() + " has completion TRANSACTIONAL and @Transactional("
                            + worker.getAnnotation(Transactional.class).value() + ")")
                    .endsWith("use REQUIRED, or completion SEPARATE");
        }
        assertThat(problems(SeparateMandatory.class))
                .singleElement()
                .asString()
                .contains("nobody begins a transaction");
    }

    private static Execution execution(Class<?> worker) {
        WorkerDiscovery discovery = new WorkerDiscovery();
        try (WeldContainer container = container(discovery, worker)) {
            assertThat(discovery.problems()).isEmpty();
            return discovery.definitions(container.getBeanManager()).get(0).execution();
        }
    }

    private static List<String> problems(Class<?> worker) {
        WorkerDiscovery discovery = new WorkerDiscovery();
        try (WeldContainer container = container(discovery, worker)) {
            return discovery.problems();
        }
    }

    private static WeldContainer container(WorkerDiscovery discovery, Class<?> worker) {
        return new Weld()
                .disableDiscovery()
                .addExtension(discovery)
                .addBeanClasses(worker)
                .initialize();
    }
}
