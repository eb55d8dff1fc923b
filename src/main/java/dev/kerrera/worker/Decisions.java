package dev.kerrera.worker;

import java.lang.reflect.Method;

/**
 * What a worker decides by itself, and need not be asked otherwise: each question passes its interceptors, of which one may begin a
 * transaction.
 *
 * @param timeout how long a run may take
 * @param backoff how long a failed job waits
 */
public record Decisions(boolean timeout, boolean backoff) {

    /** All of them. */
    static final Decisions ALL = new Decisions(true, true);

    /** Those for which the class has a method of its own, or inherits one from another than {@link Worker}. */
    public static Decisions of(Class<?> worker) {
        boolean timeout = false;
        boolean backoff = false;
        for (Method method : worker.getMethods()) {
            if (method.getDeclaringClass() != Worker.class) {
                timeout |= method.getName().equals("timeout") && method.getParameterCount() == 1;
                backoff |= method.getName().equals("backoff") && method.getParameterCount() == 2;
            }
        }
        return new Decisions(timeout, backoff);
    }
}
