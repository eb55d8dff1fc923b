package dev.kerrera.job;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Writes an exception as a banner line, then its stack and its causes as lines indented by four spaces. */
final class StackText {
    /** Deep recursion repeats itself; the cause below it is worth more than its thousandth frame. */
    private static final int MAX_FRAMES = 128;

    private static final int MAX_MESSAGE = 16_384;
    private static final String INDENT = "\n    ";

    private final StringBuilder out = new StringBuilder(2_048);
    private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private StackText() {}

    static String of(Throwable thrown) {
        StackText text = new StackText();
        text.banner(thrown);
        text.frames(thrown);
        text.seen.add(thrown);
        for (Throwable cause = thrown.getCause(); cause != null && text.seen.add(cause); cause = cause.getCause()) {
            text.cause(cause);
        }
        return text.out.append('\n').toString();
    }

    private void banner(Throwable thrown) {
        out.append("** (").append(thrown.getClass().getName()).append(") ").append(message(thrown));
    }

    private void cause(Throwable cause) {
        String oneParagraph = message(cause).replace("\n", INDENT);
        out.append(INDENT)
                .append("Caused by: ")
                .append(cause.getClass().getName())
                .append(": ")
                .append(oneParagraph);
        frames(cause);
    }

    private void frames(Throwable thrown) {
        StackTraceElement[] frames = thrown.getStackTrace();
        for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
            out.append(INDENT).append("at ").append(frames[i]);
        }
        if (frames.length > MAX_FRAMES) {
            out.append(INDENT).append("... ").append(frames.length - MAX_FRAMES).append(" more");
        }
    }

    /** An exception is foreign code too: its message may be missing, huge, or throw. */
    private static String message(Throwable thrown) {
        try {
            String message = String.valueOf(thrown.getMessage());
            return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…";
        } catch (RuntimeException | Error unavailable) {
            return "(no message: getMessage() threw " + unavailable.getClass().getName() + ")";
        }
    }
}
