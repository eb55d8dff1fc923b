package dev.kerrera.task;

import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.Instance;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.UserTransaction;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Calls application code in a request scope and apart from the thread it runs on, so that neither a JTA transaction nor a
 * connection it left open swallows what Kerrera writes next, and the next code finds the class loader that this one found.
 * Thread-safe.
 */
final class ContainerCode implements ApplicationCode {

    private static final int SERVER_DEFAULT = 0;

    private final Executor apart;
    private final Instance<RequestContextController> controllers;
    private final TransactionSynchronizationRegistry transactions;
    private final Instance<UserTransaction> transaction;
    private final Queue<RequestContextController> idle = new ConcurrentLinkedQueue<>();

    ContainerCode(
            Executor apart,
            Instance<RequestContextController> controllers,
            TransactionSynchronizationRegistry transactions,
            Instance<UserTransaction> transaction) {
        this.apart = apart;
        this.controllers = controllers;
        this.transactions = transactions;
        this.transaction = transaction;
    }

    @Override
    public <T> T call(Callable<T> code) throws Exception {
        Ending<T> ending = new Ending<>();
        try {
            apart.execute(() -> {
                Thread thread = Thread.currentThread();
                ClassLoader loader = thread.getContextClassLoader();
                try {
                    ending.returned = callInScope(code);
                    ending.ended = true;
                } catch (Throwable thrown) {
                    ending.thrown = thrown;
                } finally {
                    thread.setContextClassLoader(loader);
                }
            });
        } catch (RuntimeException undone) {
            ending.add(new IllegalStateException(
                    "work was left open on a connection and has been rolled back: commit it, or use a transaction",
                    undone));
        }
        return ending.result();
    }

    @Override
    public <T> T withTransactionLimit(Duration most, Callable<T> code) throws Exception {
        long seconds = most.plusSeconds(1).minusNanos(1).toSeconds();
        transaction.get().setTransactionTimeout((int) Math.min(seconds, Integer.MAX_VALUE));
        try {
            return code.call();
        } finally {
            transaction.get().setTransactionTimeout(SERVER_DEFAULT);
        }
    }

    @Override
    public <R, T> T inTransaction(Callable<R> work, Conclusion<R, T> conclusion) throws Exception {
        UserTransaction own = transaction.get();
        own.begin();
        Object begun = transactions.getTransactionKey();
        T concluded;
        try {
            R result = work.call();
            requireSame(begun);
            concluded = conclusion.conclude(result);
        } catch (Throwable thrown) {
            rollBackAfter(thrown);
            throw thrown;
        }
        own.commit();
        return concluded;
    }

    private void requireSame(@Nullable Object begun) {
        if (begun == null || !begun.equals(transactions.getTransactionKey())) {
            throw new IllegalStateException(
                    "the transaction that was to complete the job was ended by its worker: leave commit and rollback to Kerrera, or use Completion.SEPARATE");
        }
    }

    private <T> T callInScope(Callable<T> code) throws Exception {
        RequestContextController controller = controller();
        boolean mine = controller.activate();
        try {
            return callInNoTransaction(code);
        } finally {
            if (mine) {
                controller.deactivate();
            }
            idle.add(controller);
        }
    }

    /** One that nobody uses, because to make one costs more than a short job. */
    private RequestContextController controller() {
        RequestContextController free = idle.poll();
        return free == null ? controllers.get() : free;
    }

    private <T> T callInNoTransaction(Callable<T> code) throws Exception {
        T result;
        try {
            result = code.call();
        } catch (Throwable thrown) {
            rollBackAfter(thrown);
            throw thrown;
        }
        if (rollBackLeftover()) {
            throw new IllegalStateException(
                    "a transaction was left open and has been rolled back: commit what is begun, or use @Transactional");
        }
        return result;
    }

    private void rollBackAfter(Throwable thrown) {
        try {
            rollBackLeftover();
        } catch (Exception second) {
            thrown.addSuppressed(second);
        }
    }

    private boolean rollBackLeftover() throws Exception {
        if (transactions.getTransactionStatus() == Status.STATUS_NO_TRANSACTION) {
            return false;
        }
        transaction.get().rollback();
        return true;
    }

    /** How the code ended; what it threw itself goes before what the container made of it. */
    private static final class Ending<T> {
        private @Nullable T returned;
        private boolean ended;
        private @Nullable Throwable thrown;

        void add(Exception second) {
            Throwable first = thrown;
            if (first == null) {
                thrown = second;
            } else {
                first.addSuppressed(second);
            }
        }

        @SuppressWarnings("NullAway") // a code that returns null has null as its result
        T result() throws Exception {
            if (thrown instanceof Exception exception) {
                throw exception;
            } else if (thrown instanceof Error error) {
                throw error;
            } else if (!ended) {
                throw new IllegalStateException("the container did not run the code");
            }
            return returned;
        }
    }
}
