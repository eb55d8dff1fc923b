package dev.kerrera.maintenance;

import org.jspecify.annotations.Nullable;

/** Does several things of which none is to suffer from another's failure. */
final class Separately {

    private Separately() {}

    /** Runs each, in order, and throws the first failure when all have run. */
    static void run(Runnable... parts) {
        RuntimeException first = null;
        for (Runnable part : parts) {
            first = run(part, first);
        }
        if (first != null) {
            throw first;
        }
    }

    private static @Nullable RuntimeException run(Runnable part, @Nullable RuntimeException first) {
        try {
            part.run();
            return first;
        } catch (RuntimeException failure) {
            if (first == null) {
                return failure;
            }
            first.addSuppressed(failure);
            return first;
        }
    }
}
