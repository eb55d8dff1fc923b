package dev.kerrera.queue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Who holds a place of a queue, whose job is done but not yet written down, and who goes on without a place because its job was
 * settled. Thread-safe.
 */
final class Places {

    private static final long MILLISECOND = 1_000_000;

    private final Set<JobRun> running = ConcurrentHashMap.newKeySet(); // its monitor tells when one has left
    private final Set<JobRun> settling = ConcurrentHashMap.newKeySet();
    private final Set<JobRun> abandoned = ConcurrentHashMap.newKeySet();

    int taken() {
        return running.size();
    }

    int settling() {
        return settling.size();
    }

    int lent() {
        return abandoned.size();
    }

    List<Long> running() {
        return ids(running.stream());
    }

    /** The jobs that are in this producer's hands, whatever the table says of them. */
    List<Long> held() {
        Set<JobRun> held =
                new HashSet<>(running); // before the others are looked at, or one that moves there could slip through
        held.addAll(settling);
        return ids(held.stream());
    }

    List<Long> abandoned() {
        return ids(abandoned.stream());
    }

    /** The runs that hold a place. */
    Stream<JobRun> runs() {
        return running.stream();
    }

    void take(JobRun run) {
        running.add(run);
    }

    /** Gives its place to others before it leaves. */
    void settle(JobRun run) {
        settling.add(run);
        running.remove(run);
    }

    /** Returns whether it still held a place. */
    boolean leave(JobRun run) {
        synchronized (running) {
            boolean held = running.remove(run);
            settling.remove(run);
            abandoned.remove(run);
            running.notifyAll();
            return held;
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
        settling.forEach(JobRun::stop);
        abandoned.forEach(JobRun::stop);
    }

    /** Waits until none is taken and all is written down, no longer than until a moment of {@link System#nanoTime}; returns whether it is so. */
    boolean awaitEmpty(long end) throws InterruptedException {
        synchronized (running) {
            long left = end - System.nanoTime();
            while (!isEmpty() && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(running, Math.max(left, MILLISECOND));
                left = end - System.nanoTime();
            }
            return isEmpty();
        }
    }

    private boolean isEmpty() {
        return running.isEmpty() && settling.isEmpty();
    }

    private static List<Long> ids(Stream<JobRun> runs) {
        return runs.map(JobRun::id).distinct().sorted().toList();
    }
}
