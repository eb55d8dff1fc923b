package dev.kerrera.queue;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Who holds a place of a queue, and who goes on without one because its job was settled. Thread-safe. */
final class Places {

    private static final long MILLISECOND = 1_000_000;

    private final Set<JobRun> running = ConcurrentHashMap.newKeySet(); // its monitor tells when one has left
    private final Set<JobRun> abandoned = ConcurrentHashMap.newKeySet();

    int taken() {
        return running.size();
    }

    int lent() {
        return abandoned.size();
    }

    List<Long> running() {
        return ids(running);
    }

    List<Long> abandoned() {
        return ids(abandoned);
    }

    /** The runs that hold a place. */
    Stream<JobRun> runs() {
        return running.stream();
    }

    void take(JobRun run) {
        running.add(run);
    }

    void leave(JobRun run) {
        synchronized (running) {
            running.remove(run);
            abandoned.remove(run);
            running.notifyAll();
        }
    }

    /** Gives the place of a run to others, unless so many go on without one already; false in that case. */
    boolean abandon(JobRun run, int most) {
        synchronized (running) {
            if (abandoned.size() >= most) {
                return false;
            }
            if (running.remove(run)) {
                abandoned.add(run);
                running.notifyAll();
            }
            return true;
        }
    }

    void interrupt() {
        running.forEach(JobRun::stop);
        abandoned.forEach(JobRun::stop);
    }

    /** Waits until none is taken, no longer than until a moment of {@link System#nanoTime}; returns whether it is so. */
    boolean awaitEmpty(long end) throws InterruptedException {
        synchronized (running) {
            long left = end - System.nanoTime();
            while (!running.isEmpty() && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(running, Math.max(left, MILLISECOND));
                left = end - System.nanoTime();
            }
            return running.isEmpty();
        }
    }

    private static List<Long> ids(Collection<JobRun> runs) {
        return runs.stream().map(JobRun::id).distinct().sorted().toList();
    }
}
