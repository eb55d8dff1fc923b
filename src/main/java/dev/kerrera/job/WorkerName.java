package dev.kerrera.job;

import org.jspecify.annotations.Nullable;

/** How a worker is spelled in the table. */
final class WorkerName {
    private static final String ELIXIR = "Elixir.";

    private WorkerName() {}

    static String normalise(@Nullable String worker) {
        if (worker == null) {
            return "";
        }
        return worker.startsWith(ELIXIR) ? worker.substring(ELIXIR.length()) : worker;
    }
}
