package demo;

import jakarta.ejb.ApplicationException;

/** Rolls the order back, and the job with it. */
@ApplicationException(rollback = true)
public class OrderRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OrderRefusedException(long order, long job) {
        super("order %d and job %d were rolled back: neither exists".formatted(order, job));
    }
}
