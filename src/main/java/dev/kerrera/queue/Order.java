package dev.kerrera.queue;

import dev.kerrera.config.QueueSettings;
import java.util.Optional;

/**
 * What somebody wants of queues from now on.
 *
 * @param queue name of one queue, or {@code *} for all of them
 * @param paused whether they are to take no jobs
 * @param limit how many jobs are to run at once
 * @param at when it was heard, by {@link System#nanoTime}
 */
record Order(String queue, Optional<Boolean> paused, Optional<Integer> limit, long at) {

    static Order of(QueueSignal.Pause pause, long at) {
        return new Order(pause.queue(), Optional.of(pause.paused()), Optional.empty(), at);
    }

    static Order of(QueueSignal.Scale scale, long at) {
        return new Order(scale.queue(), scale.paused(), Optional.of(scale.limit()), at);
    }

    boolean concerns(String which) {
        return queue.equals(QueueSettings.ALL) || queue.equals(which);
    }
}
