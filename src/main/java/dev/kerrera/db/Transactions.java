package dev.kerrera.db;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What Kerrera needs to know of the caller's JTA transaction: whether there is one, and how it ended.
 *
 * <p>Thread-safe; every question is about the calling thread.
 */
public final class Transactions {

    private final @Nullable TransactionSynchronizationRegistry registry;

    private Transactions(@Nullable TransactionSynchronizationRegistry registry) {
        this.registry = registry;
    }

    /** The container's transactions. */
    public static Transactions of(TransactionSynchronizationRegistry registry) {
        return new Transactions(registry);
    }

    /** No transactions at all, as outside a container. */
    public static Transactions none() {
        return new Transactions(null);
    }

    /** Whether the calling thread is in a transaction that is not over. */
    public boolean active() {
        if (registry == null) {
            return false;
        }
        return switch (registry.getTransactionStatus()) {
            case Status.STATUS_NO_TRANSACTION, Status.STATUS_COMMITTED, Status.STATUS_ROLLEDBACK -> false;
            default -> true;
        };
    }

    /** Lets the calling thread's transaction, if there is one, end only by a rollback. */
    void condemn() {
        if (registry != null && registry.getTransactionStatus() == Status.STATUS_ACTIVE) {
            registry.setRollbackOnly();
        }
    }

    /**
     * What belongs to the calling thread's transaction under a key. When it is first asked for it is made, and handed to the
     * action once the transaction has committed; after a rollback nothing happens. Null when the transaction cannot commit.
     */
    <T> @Nullable T gathered(Object key, Supplier<T> create, Consumer<T> committed) {
        TransactionSynchronizationRegistry transactions = registry;
        if (transactions == null || transactions.getTransactionStatus() != Status.STATUS_ACTIVE) {
            return null;
        }
        @SuppressWarnings("unchecked") // only this method puts anything under the key
        T gathered = (T) transactions.getResource(key);
        if (gathered == null) {
            T made = create.get();
            transactions.putResource(key, made);
            transactions.registerInterposedSynchronization(new OnCommit(() -> committed.accept(made)));
            return made;
        }
        return gathered;
    }

    private record OnCommit(Runnable action) implements Synchronization {
        @Override
        public void beforeCompletion() {
            // only the outcome matters
        }

        @Override
        public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
                action.run();
            }
        }
    }
}
