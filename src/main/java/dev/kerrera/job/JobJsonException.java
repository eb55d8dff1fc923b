package dev.kerrera.job;

import java.io.Serial;

/**
 * A value could not be written as JSON, or a JSON text could not be read as what was asked for.
 *
 * <p>The message says which and why; the cause is the JSON library's own exception, if there was one.
 */
public class JobJsonException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    JobJsonException(String message) {
        super(message);
    }

    JobJsonException(String message, Throwable cause) {
        super(message, cause);
    }
}
