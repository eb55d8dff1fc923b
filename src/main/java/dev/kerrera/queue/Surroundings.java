package dev.kerrera.queue;

import java.util.concurrent.Callable;

/** What has to be around a worker while it runs, such as its request scope, and put away after it. */
@FunctionalInterface
interface Surroundings {

    /**
     * Calls the worker in its surroundings.
     *
     * @throws Exception what the worker threw, or why its surroundings could not be put away
     */
    <T> T call(Callable<T> worker) throws Exception;
}
