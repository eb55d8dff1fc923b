package dev.kerrera.db;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A container's transactions, of one thread: they begin, are suspended by an inner one, and end as the test says. */
public final class FakeTransactions implements TransactionSynchronizationRegistry {

    private final Deque<Transaction> suspended = new ArrayDeque<>();
    private Transaction current;

    private static final class Transaction {
        final Map<Object, Object> resources = new HashMap<>();
        final List<Synchronization> interposed = new ArrayList<>();
        int status = Status.STATUS_ACTIVE;
    }

    /** Begins a transaction, suspending the one there is. */
    public void begin() {
        if (current != null) {
            suspended.push(current);
        }
        current = new Transaction();
    }

    /** Commits, unless the transaction was marked, and resumes the one suspended before. */
    public void commit() {
        end(current.status == Status.STATUS_ACTIVE ? Status.STATUS_COMMITTED : Status.STATUS_ROLLEDBACK);
    }

    public void rollback() {
        end(Status.STATUS_ROLLEDBACK);
    }

    private void end(int outcome) {
        if (outcome == Status.STATUS_COMMITTED) {
            current.interposed.forEach(Synchronization::beforeCompletion);
        }
        current.status = outcome;
        current.interposed.forEach(interposed -> interposed.afterCompletion(outcome));
        current = suspended.poll();
    }

    @Override
    public Object getTransactionKey() {
        return current;
    }

    @Override
    public void putResource(Object key, Object value) {
        open().resources.put(key, value);
    }

    @Override
    public Object getResource(Object key) {
        return open().resources.get(key);
    }

    @Override
    public void registerInterposedSynchronization(Synchronization synchronization) {
        if (open().status != Status.STATUS_ACTIVE) {
            throw new IllegalStateException("the transaction is not active");
        }
        current.interposed.add(synchronization);
    }

    @Override
    public int getTransactionStatus() {
        return current == null ? Status.STATUS_NO_TRANSACTION : current.status;
    }

    @Override
    public void setRollbackOnly() {
        open().status = Status.STATUS_MARKED_ROLLBACK;
    }

    @Override
    public boolean getRollbackOnly() {
        return open().status == Status.STATUS_MARKED_ROLLBACK;
    }

    private Transaction open() {
        if (current == null) {
            throw new IllegalStateException("there is no transaction");
        }
        return current;
    }
}
