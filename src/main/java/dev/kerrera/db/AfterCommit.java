package dev.kerrera.db;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Gathers what is to be told once the caller's transaction has committed.
 *
 * <p>Equal elements of one transaction are told once, in the order in which they first came; a rollback tells nothing. Without
 * a transaction an element is told at once. The action runs on the committing thread and must neither block nor throw.
 * Thread-safe.
 *
 * @param <T> what is gathered
 */
public final class AfterCommit<T> {

    private final Transactions transactions;
    private final Consumer<Set<T>> action;

    public AfterCommit(Transactions transactions, Consumer<Set<T>> action) {
        this.transactions = transactions;
        this.action = action;
    }

    /** Has the element told after the commit of the calling thread's transaction, or now when there is none. */
    public void tell(T element) {
        if (!transactions.active()) {
            action.accept(Set.of(element));
            return;
        }
        Set<T> gathered = transactions.gathered(this, LinkedHashSet::new, action);
        if (gathered != null) {
            gathered.add(element);
        }
    }
}
