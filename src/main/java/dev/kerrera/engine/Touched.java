package dev.kerrera.engine;

import java.util.List;

/**
 * What a statement has changed.
 *
 * @param jobs how many jobs
 * @param queues the queues in which some of them are available now, each once
 */
public record Touched(long jobs, List<String> queues) {

    /** Keeps its own copy of the queues. */
    public Touched {
        queues = List.copyOf(queues);
    }

    /** Of parts whose queues differ. */
    static Touched sum(List<Touched> parts) {
        return new Touched(
                parts.stream().mapToLong(Touched::jobs).sum(),
                parts.stream().flatMap(part -> part.queues().stream()).toList());
    }
}
