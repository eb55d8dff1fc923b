package dev.kerrera.task;

import java.util.concurrent.Callable;

/** Calls code of the application on a thread of Kerrera's. */
public interface ApplicationCode {

    /**
     * Calls the code in its surroundings, and puts them away afterwards.
     *
     * @throws Exception what the code threw, or that it left something behind
     */
    <T> T call(Callable<T> code) throws Exception;
}
