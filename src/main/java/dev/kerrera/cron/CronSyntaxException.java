package dev.kerrera.cron;

/** A text is no cron expression. The message names the field, what is wrong with it and what would be right. */
public final class CronSyntaxException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    CronSyntaxException(String message) {
        super(message);
    }
}
