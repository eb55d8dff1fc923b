package dev.kerrera.task;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Calls code as it is, as outside a container: without scopes and without transactions. */
public class BareCode implements ApplicationCode {

    @Override
    public <T> T call(Callable<T> code) throws Exception {
        return code.call();
    }

    @Override
    public <T> T withTransactionLimit(Duration most, Callable<T> code) throws Exception {
        return code.call();
    }

    @Override
    public <R, T> T inTransaction(Callable<R> work, Conclusion<R, T> conclusion) throws Exception {
        return conclusion.conclude(work.call());
    }
}
