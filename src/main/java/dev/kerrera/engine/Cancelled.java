package dev.kerrera.engine;

import java.util.List;

/**
 * What a cancellation has changed.
 *
 * @param jobs how many jobs
 * @param executing the ids of those that were executing
 */
public record Cancelled(long jobs, List<Long> executing) {

    /** Keeps its own copy of the ids. */
    public Cancelled {
        executing = List.copyOf(executing);
    }
}
