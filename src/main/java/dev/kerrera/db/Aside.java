package dev.kerrera.db;

import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs work by an executor on the calling thread, and returns what it returns.
 *
 * @param executor null to run it as it is
 */
record Aside(@Nullable Executor executor) {

    static final Aside NOT = new Aside(null);

    <T> T run(Supplier<T> work) {
        Executor apart = executor;
        if (apart == null) {
            return work.get();
        }
        Result<T> result = new Result<>();
        apart.execute(() -> result.of(work));
        return result.get();
    }

    private static final class Result<T> {
        private @Nullable T returned;
        private @Nullable RuntimeException thrown;
        private boolean ended;

        void of(Supplier<T> work) {
            try {
                returned = work.get();
                ended = true;
            } catch (RuntimeException failure) {
                thrown = failure;
            }
        }

        @SuppressWarnings("NullAway") // work that returns null has null as its result
        T get() {
            if (thrown != null) {
                throw thrown;
            } else if (!ended) {
                throw new IllegalStateException("the executor did not run the work on this thread");
            }
            return returned;
        }
    }
}
