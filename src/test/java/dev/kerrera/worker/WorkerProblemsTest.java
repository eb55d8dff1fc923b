package dev.kerrera.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.junit.jupiter.api.Test;

class WorkerProblemsTest {

    private static final String LONG =
            "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn";

    abstract static class Fine implements Worker<String> {
        @Override
        public Outcome perform(String args, JobContext job) {
            return Outcome.ok();
        }
    }

    @Work
    static class NoWorker {}

    @Work
    @SuppressWarnings("rawtypes")
    static class Raw implements Worker {
        @Override
        public Outcome perform(Object args, JobContext job) {
            return Outcome.ok();
        }
    }

    @Work
    static class Open<A> implements Worker<A> {
        @Override
        public Outcome perform(A args, JobContext job) {
            return Outcome.ok();
        }
    }

    @Work(name = "twin")
    static class Twin1 extends Fine {}

    @Work(name = "twin")
    static class Twin2 extends Fine {}

    @Work(name = " ")
    static class Blank extends Fine {}

    @Work(name = LONG + "n")
    static class TooLong extends Fine {}

    @Work(name = LONG, queue = LONG, maxAttempts = 1, priority = 9)
    static class AtEveryLimit extends Fine {}

    @Work(queue = "")
    static class NoQueue extends Fine {}

    @Work(queue = LONG + "q")
    static class LongQueue extends Fine {}

    @Work(maxAttempts = 0)
    static class NoAttempts extends Fine {}

    @Work(priority = -1)
    static class TooUrgent extends Fine {}

    @Work(priority = 10)
    static class TooLazy extends Fine {}

    @Work(priority = 10, maxAttempts = -1, queue = " ", name = "")
    static class Everything {}

    @Test
    void workers_within_the_limits_are_fine() {
        assertThat(LONG).hasSize(127);
        assertThat(problems(AtEveryLimit.class)).isEmpty();
    }

    @Test
    void a_class_that_is_no_worker() {
        assertThat(problems(NoWorker.class))
                .containsExactly(
                        NoWorker.class.getName()
                                + " is annotated with @Work but does not implement Worker: implement it, or drop the annotation");
    }

    @Test
    void a_worker_that_does_not_say_what_its_args_are() {
        for (Class<?> worker : List.of(Raw.class, Open.class)) {
            assertThat(problems(worker))
                    .containsExactly(worker.getName()
                            + " does not say what its args are: implement Worker with a type, such as Worker<Receipt>");
        }
    }

    @Test
    void two_workers_of_one_name() {
        assertThat(problems(Twin1.class, Twin2.class))
                .singleElement()
                .asString()
                .startsWith("The worker name 'twin' is shared by ")
                .contains(Twin1.class.getName(), Twin2.class.getName(), " and ")
                .endsWith(": give each its own by @Work(name = …)");
    }

    @Test
    void names_that_no_job_can_carry() {
        assertThat(problems(Blank.class))
                .containsExactly(Blank.class.getName() + " has the name ' ': a worker's name has 1 to 127 characters");
        assertThat(problems(TooLong.class))
                .containsExactly(TooLong.class.getName() + " has the name '" + LONG
                        + "n': a worker's name has 1 to 127 characters");
    }

    @Test
    void queues_that_cannot_be() {
        assertThat(problems(NoQueue.class))
                .containsExactly(
                        NoQueue.class.getName() + " names the queue '': a queue's name has 1 to 127 characters");
        assertThat(problems(LongQueue.class))
                .containsExactly(LongQueue.class.getName() + " names the queue '" + LONG
                        + "q': a queue's name has 1 to 127 characters");
    }

    @Test
    void numbers_out_of_range() {
        assertThat(problems(NoAttempts.class))
                .containsExactly(NoAttempts.class.getName() + " has maxAttempts 0: it must be at least 1");
        assertThat(problems(TooUrgent.class))
                .containsExactly(TooUrgent.class.getName() + " has priority -1: it must be 0 to 9");
        assertThat(problems(TooLazy.class))
                .containsExactly(TooLazy.class.getName() + " has priority 10: it must be 0 to 9");
    }

    @Test
    void all_problems_of_all_workers_are_listed_together() {
        assertThat(problems(NoWorker.class, Raw.class, Twin1.class, Twin2.class, Blank.class, Everything.class))
                .hasSize(8)
                .filteredOn(problem -> problem.startsWith(Everything.class.getName()))
                .hasSize(4);
    }

    private static List<String> problems(Class<?>... beans) {
        WorkerDiscovery discovery = new WorkerDiscovery();
        try (WeldContainer container = new Weld()
                .disableDiscovery()
                .addExtension(discovery)
                .addBeanClasses(beans)
                .initialize()) {
            return discovery.problems();
        }
    }
}
