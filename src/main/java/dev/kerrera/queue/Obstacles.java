package dev.kerrera.queue;

import dev.kerrera.engine.FetchRefused;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Jobs that the database does not let be taken, each told of once a minute at most. Not at the first time, when it may have been another
 * one that was in the way and is gone. Not thread-safe.
 */
final class Obstacles {

    private static final System.Logger LOG = System.getLogger(Obstacles.class.getName());
    private static final Duration AGAIN = Duration.ofMinutes(1);
    private static final int REMEMBERED = 1_000;

    private final Map<Long, Long> told = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    void tell(long job, String queue, FetchRefused refused) {
        Long before = told.putIfAbsent(job, System.nanoTime() - AGAIN.toNanos());
        if (before != null && System.nanoTime() - before >= AGAIN.toNanos()) {
            told.put(job, System.nanoTime());
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Job %d of queue %s is passed over and tried again later, because its row cannot be changed; mend or cancel it, or take away what forbids it: %s"
                            .formatted(job, queue, refused.getMessage()));
        }
    }
}
