package dev.kerrera.task;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Calls code of the application on a thread of Kerrera's. */
public interface ApplicationCode {

    /**
     * Calls the code in its surroundings, and puts them away afterwards.
     *
     * @throws Exception what the code threw, or that it left something behind
     */
    <T> T call(Callable<T> code) throws Exception;

    /**
     * Lets JTA transactions that the code begins last no longer than given, rounded up to seconds. For code that is being called.
     *
     * @param most longer than zero
     */
    <T> T withTransactionLimit(Duration most, Callable<T> code) throws Exception;

    /**
     * Does the work and its conclusion in one JTA transaction, which is committed when both return and rolled back when one throws. For
     * code that is being called.
     *
     * @param conclusion what is done last in the transaction, given what the work returned
     * @throws Exception what one of them threw, that the transaction could not be committed, or that the work itself has ended it
     */
    <R, T> T inTransaction(Callable<R> work, Conclusion<R, T> conclusion) throws Exception;

    /** What is done last. */
    @FunctionalInterface
    interface Conclusion<R, T> {
        T conclude(R result) throws Exception;
    }
}
