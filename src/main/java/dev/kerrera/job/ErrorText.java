package dev.kerrera.job;

import java.time.Duration;

/**
 * The texts that go into a job's {@code errors}. Internal: other rooms may use it, applications should not.
 *
 * <p>Each begins with a line {@code ** (Name) message}; the names in it are Oban's where Oban has one, so that its
 * console and its users read them as usual. No text is longer than {@value #MAX_CHARS} characters, and none holds a
 * character PostgreSQL cannot store.
 */
public final class ErrorText {
    /** The greatest length of a text, in {@code char}s. */
    public static final int MAX_CHARS = 65_536;

    /** The owner of a running job died, as far as anybody can tell. */
    public static final String OWNER_DIED =
            "** (Kerrera.OwnerDied) the node that ran this attempt gave no sign of life";

    /** A job outlived so many owners in a row, given for {@code %s}, that it is taken for what killed them. */
    public static final String POISON = "** (Kerrera.Poison) poison: %s nodes died while they ran this job";

    private static final String CUT = "\n    (cut at " + MAX_CHARS + " characters)\n";

    private ErrorText() {}

    /** An exception: its class and message, its stack one frame a line, then its causes. */
    public static String of(Throwable thrown) {
        return storable(StackText.of(thrown));
    }

    /** A worker returned an error with a reason. */
    public static String error(String worker, String reason) {
        return failedWith(worker, "{:error, " + ElixirText.inspect(reason) + "}");
    }

    /** A worker asked to be cancelled for a reason. */
    public static String cancel(String worker, String reason) {
        return failedWith(worker, "{:cancel, " + ElixirText.inspect(reason) + "}");
    }

    /** A worker asked to be discarded for a reason. */
    public static String discard(String worker, String reason) {
        return failedWith(worker, "{:discard, " + ElixirText.inspect(reason) + "}");
    }

    /** A running job was cancelled from outside. */
    public static String shutdown(String worker) {
        return failedWith(worker, "{:cancel, :shutdown}");
    }

    /** A job ran longer than its worker allows. */
    public static String timeout(String worker, Duration limit) {
        return storable("** (Oban.TimeoutError) " + worker + " timed out after " + limit.toMillis() + "ms");
    }

    private static String failedWith(String worker, String returned) {
        return storable("** (Oban.PerformError) " + worker + " failed with " + returned);
    }

    private static String storable(String text) {
        String clean = Unstorable.strip(text);
        if (clean.length() <= MAX_CHARS) {
            return clean;
        }
        int end = MAX_CHARS - CUT.length();
        return clean.substring(0, Character.isHighSurrogate(clean.charAt(end - 1)) ? end - 1 : end) + CUT;
    }
}
