package dev.kerrera.engine;

import dev.kerrera.db.DatabaseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers without a transaction share a statement and so the wait for the disk.
 *
 * <p>Who finds nobody writing writes at once and alone. Who comes meanwhile goes with the next statement, which the first of those
 * who wait writes for all of them; each writes for others once at most. Nobody waits in the hope of company,
 * but for a moment where there was company a statement ago, because those who shared it are about to come back.
 *
 * <p>A caller returns when what is his own has been committed. What the server refuses for all it is asked for once more by each
 * caller alone, so that only he pays whose row it was. When the outcome is unknown nothing is asked for twice, and all who shared
 * the statement are told. Waiting is not ended by an interrupt; the thread stays interrupted. A virtual thread that is interrupted
 * loses its connection, so a thread that is likely to be never writes for others. Thread-safe.
 */
final class GroupCommit<T, R> {

    private static final int MOST = 500;
    private static final long HEAVY = 1_000_000;

    private final Statement<T, R> statement;
    private final Duration patience;
    private final Duration moment;
    private final BooleanSupplier mayLead;
    private final Queue<Place<T, R>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean writing = new AtomicBoolean();
    private volatile int together = 1; // how many wrote together last

    /** What is shared. */
    interface Statement<T, R> {

        /** Commits one. */
        R run(T one);

        /** Commits all or none. */
        List<R> run(List<T> many);

        /** How many characters it is, more or less. */
        long weight(T one);
    }

    private enum Turn {
        WAITS,
        LEADS,
        IS_LED,
        DONE,
        ALONE
    }

    private static final class Place<T, R> extends AtomicReference<Turn> {
        private static final long serialVersionUID = 1L;

        final transient T item;
        final transient Thread owner = Thread.currentThread();
        final boolean mayLead;
        transient @Nullable R result;
        transient @Nullable Throwable failure;

        Place(T item, boolean mayLead) {
            super(Turn.WAITS);
            this.item = item;
            this.mayLead = mayLead;
        }

        /** Whether it was still waiting. */
        boolean becomes(Turn turn) {
            return compareAndSet(Turn.WAITS, turn);
        }

        void end(Turn turn) {
            set(turn);
            LockSupport.unpark(owner);
        }
    }

    /**
     * @param patience after which a caller waits no more and writes beside the others, who may be held up by a lock
     * @param moment how long a writer waits for as many as were there last time
     * @param mayLead whether the calling thread may write for others
     */
    GroupCommit(Statement<T, R> statement, Duration patience, Duration moment, BooleanSupplier mayLead) {
        this.statement = statement;
        this.patience = patience;
        this.moment = moment;
        this.mayLead = mayLead;
    }

    /** Commits it, together with whatever others commit at the same time. */
    R commit(T item) {
        if (writing.compareAndSet(false, true)) {
            return together > 1 && mayLead.getAsBoolean() ? lead(new Place<>(item, true)) : writeAlone(item);
        }
        Place<T, R> place = new Place<>(item, mayLead.getAsBoolean());
        waiting.add(place);
        if (writing.compareAndSet(false, true)) {
            handOver(); // the last one may have gone before he could see who had come
        }
        return await(place);
    }

    /** How many wait for a statement to come. */
    int waiting() {
        return waiting.size();
    }

    /** To the first of those who wait and may; those before write alone. */
    private void handOver() {
        do {
            for (Place<T, R> next = waiting.poll(); next != null; next = waiting.poll()) {
                if (next.becomes(next.mayLead ? Turn.LEADS : Turn.ALONE)) {
                    LockSupport.unpark(next.owner);
                    if (next.mayLead) {
                        return;
                    }
                }
            }
            writing.set(false);
        } while (!waiting.isEmpty() && writing.compareAndSet(false, true));
    }

    private R await(Place<T, R> place) {
        boolean interrupted = false;
        long until = System.nanoTime() + patience.toNanos();
        Turn turn = place.get();
        while (turn == Turn.WAITS || turn == Turn.IS_LED) {
            long left = until - System.nanoTime();
            if (turn == Turn.IS_LED) {
                LockSupport.park(this);
            } else if (left > 0) {
                LockSupport.parkNanos(this, left);
            } else if (place.becomes(Turn.ALONE)) {
                waiting.remove(place);
            }
            interrupted |= Thread.interrupted();
            turn = place.get();
        }
        try {
            return switch (turn) {
                case LEADS -> lead(place);
                case ALONE -> statement.run(place.item);
                default -> outcome(place);
            };
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private R lead(Place<T, R> leader) {
        awaitCompany();
        List<Place<T, R>> group = new ArrayList<>();
        Turn turn = Turn.DONE;
        try {
            gather(leader, group);
            together = group.size();
            if (group.size() == 1) {
                leader.result = statement.run(leader.item);
                return leader.result;
            }
            List<T> items = new ArrayList<>(group.size());
            group.forEach(place -> items.add(place.item));
            List<R> results = statement.run(items);
            for (int i = 0; i < group.size(); i++) {
                group.get(i).result = results.get(i);
            }
        } catch (Throwable failure) {
            if (failure instanceof DatabaseException refused && refused.isRefusal()) {
                turn = Turn.ALONE;
            }
            if (group.size() <= 1) {
                throw failure;
            }
            group.forEach(place -> place.failure = failure);
        } finally {
            for (Place<T, R> place : group) {
                place.end(turn);
            }
            handOver();
        }
        return turn == Turn.ALONE ? statement.run(leader.item) : outcome(leader);
    }

    private void awaitCompany() {
        long until = System.nanoTime() + moment.toNanos();
        do {
            Thread.yield();
        } while (waiting.size() + 1 < together && System.nanoTime() - until < 0);
    }

    private void gather(Place<T, R> leader, List<Place<T, R>> group) {
        group.add(leader);
        long weight = statement.weight(leader.item);
        while (group.size() < MOST && weight < HEAVY) {
            Place<T, R> next = waiting.poll();
            if (next == null) {
                break;
            }
            if (next.becomes(Turn.IS_LED)) {
                group.add(next);
                weight += statement.weight(next.item);
            }
        }
    }

    private R writeAlone(T item) {
        try {
            return statement.run(item);
        } finally {
            handOver();
        }
    }

    private static <T, R> R outcome(Place<T, R> place) {
        R result = place.result;
        if (result != null) {
            return result;
        }
        if (place.failure instanceof DatabaseException failure) {
            throw failure.again();
        }
        if (place.failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) Objects.requireNonNull(place.failure);
    }
}
