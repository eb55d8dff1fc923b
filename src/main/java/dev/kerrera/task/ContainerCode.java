package dev.kerrera.task;

import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.Instance;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.UserTransaction;
import java.util.concurrent.Callable;

/**
 * Surrounds application code with a request scope and sees to it that no transaction stays open on the thread, which would swallow
 * whatever is written next. Thread-safe.
 */
final class ContainerCode implements ApplicationCode {

    private final Instance<RequestContextController> controllers;
    private final TransactionSynchronizationRegistry transactions;
    private final Instance<UserTransaction> transaction;

    ContainerCode(
            Instance<RequestContextController> controllers,
            TransactionSynchronizationRegistry transactions,
            Instance<UserTransaction> transaction) {
        this.controllers = controllers;
        this.transactions = transactions;
        this.transaction = transaction;
    }

    @Override
    public <T> T call(Callable<T> code) throws Exception {
        RequestContextController controller = controllers.get();
        boolean mine = controller.activate();
        boolean leftOpen;
        T result;
        try {
            result = code.call();
        } finally {
            leftOpen = rollBackLeftover();
            if (mine) {
                controller.deactivate();
            }
            controllers.destroy(controller);
        }
        if (leftOpen) {
            throw new IllegalStateException(
                    "a transaction was left open and has been rolled back: commit what is begun, or use @Transactional");
        }
        return result;
    }

    private boolean rollBackLeftover() throws SystemException {
        if (transactions.getTransactionStatus() == Status.STATUS_NO_TRANSACTION) {
            return false;
        }
        transaction.get().rollback();
        return true;
    }
}
