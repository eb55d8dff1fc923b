package bench;

import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** Threads that do the same over and over until they are told to stop. */
final class Callers {

    private final AtomicBoolean going = new AtomicBoolean(true);
    private final List<FutureTask<Void>> tasks;

    /** What a caller does again and again. */
    @FunctionalInterface
    interface Call {
        void run(int caller, long time) throws Exception;
    }

    private Callers(int count, Call call) {
        tasks = IntStream.range(0, count)
                .mapToObj(caller -> new FutureTask<Void>(() -> call(caller, call), null))
                .toList();
    }

    static Callers start(ThreadFactory threads, int count, Call call) {
        Callers callers = new Callers(count, call);
        callers.tasks.forEach(task -> threads.newThread(task).start());
        return callers;
    }

    private void call(int caller, Call call) {
        try {
            for (long time = 0; going.get(); time++) {
                call.run(caller, time);
            }
        } catch (Exception failure) {
            throw new IllegalStateException("caller %d failed".formatted(caller), failure);
        }
    }

    /** Ends them, and throws what made one of them fail. */
    void stop() throws Exception {
        going.set(false);
        for (FutureTask<Void> task : tasks) {
            task.get();
        }
    }
}
