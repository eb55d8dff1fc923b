package dev.kerrera.queue;

import dev.kerrera.engine.Owner;
import dev.kerrera.engine.ProgressNotes;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobProgress;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes down how far one run has come: the first word at once, then the latest one each second, on a thread that is not the
 * worker's. What cannot be written is dropped, since the next word says more. Thread-safe.
 */
final class Progress {

    private static final System.Logger LOG = System.getLogger(Progress.class.getName());
    private static final long BETWEEN = Duration.ofSeconds(1).toNanos();

    private final Job job;
    private final Owner owner;
    private final ProgressNotes notes;
    private final Watchdog watchdog;
    private final Clock clock;
    private final ReentrantLock writing = new ReentrantLock(); // keeps the words in their order
    private @Nullable String latest; // guarded by this
    private boolean awaited; // guarded by this
    private long written = System.nanoTime() - BETWEEN; // guarded by this

    Progress(Job job, Owner owner, ProgressNotes notes, Watchdog watchdog, Clock clock) {
        this.job = job;
        this.owner = owner;
        this.notes = notes;
        this.watchdog = watchdog;
        this.clock = clock;
    }

    /** There is news; written soon, unless newer ones come before. */
    void report(long done, long total, @Nullable String note) {
        String json = new JobProgress(done, total, note, clock.instant()).toJson();
        synchronized (this) {
            latest = json;
            if (!awaited) {
                awaited = true;
                watchdog.later(Duration.ofNanos(Math.max(0, written + BETWEEN - System.nanoTime())), this::flush);
            }
        }
    }

    /** Writes what is still waiting, on this thread, once a write under way is over. */
    void flush() {
        boolean locked = lock();
        try {
            String json = take();
            if (json != null) {
                notes.note(job, owner, json);
            }
        } catch (RuntimeException failure) {
            LOG.log(System.Logger.Level.DEBUG, "The progress of job %d was not written".formatted(job.id()), failure);
        } finally {
            if (locked) {
                writing.unlock();
            }
        }
    }

    /** False after a while: a write may be waiting for a row that the worker's transaction holds. */
    private boolean lock() {
        try {
            return writing.tryLock(BETWEEN, TimeUnit.NANOSECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized @Nullable String take() {
        String json = latest;
        latest = null;
        awaited = false;
        written = System.nanoTime();
        return json;
    }
}
