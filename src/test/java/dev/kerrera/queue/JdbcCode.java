package dev.kerrera.queue;

import dev.kerrera.db.Jdbc;
import dev.kerrera.task.BareCode;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls code as a container does that has transactions, each of them one of the database's. */
final class JdbcCode extends BareCode {

    /** How many transactions fail when they are to be committed, before the server hears of it. */
    final AtomicInteger failingCommits = new AtomicInteger();

    /** How many commits take effect, and then fail. */
    final AtomicInteger lostCommits = new AtomicInteger();

    private final Jdbc jdbc;

    JdbcCode(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    /** What a container throws, and what it had thrown before that came of code that may throw anything. */
    private static final class Carrier extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Carrier(Exception carried) {
            super(carried);
        }
    }

    @Override
    public <R, T> T inTransaction(Callable<R> work, Conclusion<R, T> conclusion) throws Exception {
        T concluded;
        try {
            concluded = jdbc.together(() -> doIt(work, conclusion));
        } catch (Carrier carrier) {
            throw (Exception) carrier.getCause();
        }
        if (take(lostCommits)) {
            throw new IllegalStateException("the answer to the commit was lost");
        }
        return concluded;
    }

    private <R, T> T doIt(Callable<R> work, Conclusion<R, T> conclusion) {
        T concluded;
        try {
            concluded = conclusion.conclude(work.call());
        } catch (Exception thrown) {
            throw new Carrier(thrown);
        }
        if (take(failingCommits)) {
            throw new IllegalStateException("the commit failed");
        }
        return concluded;
    }

    private static boolean take(AtomicInteger left) {
        return left.getAndUpdate(n -> Math.max(n - 1, 0)) > 0;
    }
}
