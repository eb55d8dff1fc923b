package dev.kerrera.notifier;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The channels this node wants to hear, by their full names, and those the server has confirmed. A channel is wanted for as long as
 * anybody does. Thread-safe.
 */
final class Channels {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Integer> wanted = new LinkedHashMap<>(); // guarded by lock
    private @Nullable Set<String> confirmed; // guarded by lock; null without a connection

    Channels(Collection<String> always) {
        always.forEach(this::add);
    }

    /** One more wants the channel. */
    void add(String channel) {
        lock.lock();
        try {
            wanted.merge(channel, 1, Integer::sum);
        } finally {
            lock.unlock();
        }
    }

    /** One of them wants it no more. */
    void remove(String channel) {
        lock.lock();
        try {
            wanted.computeIfPresent(channel, (name, count) -> count == 1 ? null : count - 1);
        } finally {
            lock.unlock();
        }
    }

    Set<String> wanted() {
        lock.lock();
        try {
            return new LinkedHashSet<>(wanted.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** The server sends what is said on these and no others. */
    void confirm(Set<String> channels) {
        set(channels);
    }

    /** The connection is gone. */
    void lost() {
        set(null);
    }

    /** Waits until the server has confirmed the channel, but not without a connection, and no longer than given; returns whether it has. */
    boolean awaitConfirmed(String channel, Duration most) {
        lock.lock();
        try {
            long left = most.toNanos();
            while (confirmed != null && !confirmed.contains(channel) && left > 0) {
                left = changed.awaitNanos(left);
            }
            return confirmed != null && confirmed.contains(channel);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void set(@Nullable Set<String> channels) {
        lock.lock();
        try {
            confirmed = channels == null ? null : Set.copyOf(channels);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
