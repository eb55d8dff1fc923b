package dev.kerrera.engine;

import dev.kerrera.db.DatabaseException;

/** The server refuses a fetch, and nothing was taken: most often because of one of the rows, by a constraint, a trigger or a timeout. */
public final class FetchRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    FetchRefused(DatabaseException cause) {
        super(cause.getMessage(), cause);
    }
}
