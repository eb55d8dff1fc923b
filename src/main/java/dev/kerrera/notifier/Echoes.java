package dev.kerrera.notifier;

import dev.kerrera.notifier.Publisher.Message;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Messages that this node has sent on connections that are not its own alone, and which come back. Each is taken out when it does.
 * Of those that never do, because their transaction was rolled back, the oldest are forgotten. Thread-safe.
 */
final class Echoes {

    private static final int MOST = 1_000;

    private final Deque<Echo> expected = new ArrayDeque<>(); // guarded by this

    private record Echo(int backend, Message message) {}

    /** The message was sent by that backend. */
    synchronized void expect(int backend, Message message) {
        expected.add(new Echo(backend, message));
        if (expected.size() > MOST) {
            expected.remove();
        }
    }

    /** Whether what was heard from a backend is one that was sent. */
    synchronized boolean isOne(int backend, Message message) {
        return expected.removeFirstOccurrence(new Echo(backend, message));
    }
}
