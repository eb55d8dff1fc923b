package dev.kerrera.db.migration;

import org.jspecify.annotations.Nullable;

/** Reading or migrating a schema failed; whatever had been started was rolled back. */
public class SchemaException extends RuntimeException {

    private static final long serialVersionUID = 1;

    SchemaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
