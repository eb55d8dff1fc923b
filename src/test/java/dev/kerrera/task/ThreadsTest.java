package dev.kerrera.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.enterprise.concurrent.ContextService;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** In what context tasks run; that the container keeps its word about each of these is for the tests on the server. */
class ThreadsTest {

    private final List<String> steps = new ArrayList<>();
    private Executor pool = Runnable::run;
    private final Threads threads = new Threads(
            executor(ManagedExecutorService.class),
            executor(ManagedScheduledExecutorService.class),
            contexts("all"),
            contexts("transaction"));

    @Test
    void tasks_run_in_the_context_that_was_adopted_and_not_in_the_callers() {
        threads.adoptContext();

        threads.execute(step("task"));

        assertThat(steps).containsExactly("all taken", "transaction taken", "all applied", "task", "all restored");
    }

    @Test
    void a_thread_of_these_gives_up_its_transaction_alone_for_what_runs_apart() {
        threads.adoptContext();
        steps.clear();

        threads.execute(() -> threads.apart(step("task")));

        assertThat(steps)
                .containsExactly("all applied", "transaction applied", "task", "transaction restored", "all restored");
    }

    @Test
    void another_thread_is_given_all_of_the_context_for_what_runs_apart() {
        threads.adoptContext();
        steps.clear();

        threads.apart(step("task"));

        assertThat(steps).containsExactly("all applied", "task", "all restored");
    }

    @Test
    void before_a_context_is_adopted_what_runs_apart_keeps_the_callers() {
        threads.apart(step("task"));

        assertThat(steps).containsExactly("all taken", "all applied", "task", "all restored");
    }

    @Test
    void only_a_thread_of_these_runs_apart_what_is_to_run_apart_on_its_own() {
        threads.adoptContext();
        steps.clear();

        threads.apartOnOwn(step("task"));
        assertThat(steps).containsExactly("task");

        steps.clear();
        threads.execute(() -> threads.apartOnOwn(step("task")));
        assertThat(steps).contains("transaction applied");
    }

    @Test
    void a_thread_is_one_of_these_as_long_as_it_runs_a_task() {
        List<Boolean> own = new ArrayList<>();

        threads.execute(() -> {
            threads.execute(() -> own.add(threads.isOwn()));
            own.add(threads.isOwn());
        });
        assertThatThrownBy(() -> threads.execute(() -> {
                    throw new IllegalStateException("failed");
                }))
                .hasMessage("failed");

        assertThat(own).containsExactly(true, true);
        assertThat(threads.isOwn()).isFalse();
    }

    @Test
    void what_finds_no_thread_to_run_beside_runs_on_the_callers() {
        pool = task -> {
            throw new RejectedExecutionException("full");
        };

        assertThat(threads.beside(step("task"))).isCompleted();

        assertThat(steps).containsExactly("task");
    }

    private Runnable step(String name) {
        return () -> steps.add(name);
    }

    private <T> T executor(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            pool.execute((Runnable) args[0]);
            return null;
        }));
    }

    private ContextService contexts(String name) {
        Executor captured = task -> {
            steps.add(name + " applied");
            try {
                task.run();
            } finally {
                steps.add(name + " restored");
            }
        };
        return (ContextService) Proxy.newProxyInstance(
                ContextService.class.getClassLoader(), new Class<?>[] {ContextService.class}, (proxy, method, args) -> {
                    steps.add(name + " taken");
                    return method.getName().equals("currentContextExecutor")
                            ? captured
                            : (Runnable) () -> captured.execute((Runnable) args[0]);
                });
    }
}
