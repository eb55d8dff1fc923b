package bench;

import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** Threads that do the same, once or over and over until they are told to stop. */
final class Callers {

    private final AtomicBoolean going;
    private final List<FutureTask<Void>> tasks;

    /** What a caller does. */
    @FunctionalInterface
    interface Task {
        void run(int caller) throws Exception;
    }

    /** What a caller does again and again. */
    @FunctionalInterface
    interface Call {
        void run(int caller, long time) throws Exception;
    }

    private Callers(ThreadFactory threads, int count, AtomicBoolean going, Task task) {
        this.going = going;
        this.tasks = IntStream.range(0, count)
                .mapToObj(caller -> new FutureTask<Void>(() -> run(caller, task), null))
                .toList();
        tasks.forEach(one -> threads.newThread(one).start());
    }

    static Callers start(ThreadFactory threads, int count, Call call) {
        AtomicBoolean going = new AtomicBoolean(true);
        return new Callers(threads, count, going, caller -> {
            for (long time = 0; going.get(); time++) {
                call.run(caller, time);
            }
        });
    }

    /** Has each do it once; returns when all have, and throws what made one of them fail. */
    static void once(ThreadFactory threads, int count, Task task) throws Exception {
        new Callers(threads, count, new AtomicBoolean(), task).await();
    }

    private static void run(int caller, Task task) {
        try {
            task.run(caller);
        } catch (Exception failure) {
            throw new IllegalStateException("caller %d failed".formatted(caller), failure);
        }
    }

    /** Ends them, and throws what made one of them fail. */
    void stop() throws Exception {
        going.set(false);
        await();
    }

    private void await() throws Exception {
        for (FutureTask<Void> task : tasks) {
            task.get();
        }
    }
}
