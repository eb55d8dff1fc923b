package bench;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** What every job calls: counts, and notes when each job started where that is asked for. Thread-safe. */
@ApplicationScoped
public class Sink {

    private final AtomicLong performed = new AtomicLong();
    private final AtomicLong first = new AtomicLong();
    private volatile @Nullable AtomicLongArray starts;

    /** Begins anew, noting the starts of jobs with ids below the given number. */
    public void reset(int noted) {
        starts = noted > 0 ? new AtomicLongArray(noted) : null;
        performed.set(0);
        first.set(0);
    }

    /** A job has started. */
    public void perform(long id) {
        long now = System.nanoTime();
        if (first.get() == 0) {
            first.compareAndSet(0, now);
        }
        AtomicLongArray noted = starts;
        if (noted != null && id >= 0 && id < noted.length()) {
            noted.setPlain((int) id, now);
        }
        performed.incrementAndGet();
    }

    /** How many jobs have started. */
    public long performed() {
        return performed.get();
    }

    /** When the first one started, by {@code System.nanoTime}. */
    public long first() {
        return first.get();
    }

    /** When a job started, by {@code System.nanoTime}; 0 when it has not. */
    public long started(int id) {
        AtomicLongArray noted = starts;
        return noted == null ? 0 : noted.get(id);
    }
}
