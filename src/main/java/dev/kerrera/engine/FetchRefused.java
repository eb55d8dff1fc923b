package dev.kerrera.engine;

import dev.kerrera.db.DatabaseException;

/** The server does not let one of the rows be taken, and nothing was: a constraint, a trigger, a timeout. */
public final class FetchRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    FetchRefused(DatabaseException cause) {
        super(cause.getMessage(), cause);
    }
}
