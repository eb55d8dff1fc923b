package dev.kerrera.task;

import jakarta.enterprise.concurrent.ContextService;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The managed threads that everything of Kerrera's runs on. Thread-safe.
 *
 * <p>A managed executor gives a task the context of whoever hands it in: here a web request that has just committed, there an EJB.
 * Jobs must not inherit what chance woke their queue, so the context is taken once, when the application starts, and every
 * task runs in that one. What is to run apart from a thread that has it already needs no more than that the container takes
 * the thread's transaction and connections away and gives them back; to apply all of the context again costs more than a short job.
 */
public final class Threads implements Executor {

    private final ManagedExecutorService executor;
    private final ManagedScheduledExecutorService timer;
    private final ContextService contexts;
    private final ContextService places;
    private volatile Executor context = Runnable::run;
    private volatile Executor apart = Runnable::run;
    private volatile boolean adopted;
    private final ThreadLocal<@Nullable Boolean> own = new ThreadLocal<>();

    /**
     * @param contexts takes what an application's task needs from the calling thread, and nothing of its caller
     * @param places leaves everything on a thread as it is but for its transaction
     */
    Threads(
            ManagedExecutorService executor,
            ManagedScheduledExecutorService timer,
            ContextService contexts,
            ContextService places) {
        this.executor = executor;
        this.timer = timer;
        this.contexts = contexts;
        this.places = places;
    }

    /** From now on tasks run in the context of the calling thread. */
    public void adoptContext() {
        context = contexts.currentContextExecutor();
        apart = places.currentContextExecutor();
        adopted = true;
    }

    /**
     * Runs the task on this thread and yet apart from it. When it ends, the pooled connections it used go back to their pool, and
     * whatever it left undone on them is rolled back instead of reaching what the thread does next.
     */
    public void apart(Runnable task) {
        if (!adopted) {
            contexts.contextualRunnable(task).run();
        } else if (isOwn()) {
            apart.execute(task);
        } else {
            context.execute(task);
        }
    }

    /**
     * {@link #apart} on a thread of these, which may go on to other things for long; on any other the task is simply run. A server
     * that is still starting the application on this thread would not have it otherwise.
     */
    public void apartOnOwn(Runnable task) {
        if (isOwn()) {
            apart(task);
        } else {
            task.run();
        }
    }

    /** Whether the calling thread is one of these, which runs a task that may be interrupted. */
    public boolean isOwn() {
        return own.get() != null;
    }

    /** Runs the task beside this thread, or on it when no other is to be had. */
    public CompletableFuture<Void> beside(Runnable task) {
        try {
            return CompletableFuture.runAsync(task, this);
        } catch (RejectedExecutionException noThreads) {
            task.run();
            return CompletableFuture.completedFuture(null);
        }
    }

    /** For what runs at an interval; it keeps the context of the thread that first schedules it. */
    public ScheduledExecutorService timer() {
        return timer;
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(() -> context.execute(() -> {
            Boolean before = own.get();
            own.set(true);
            try {
                task.run();
            } finally {
                own.set(before);
            }
        }));
    }
}
