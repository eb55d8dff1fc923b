package bench;

/** How much and how long, set by environment variables. */
final class Sizes {

    private Sizes() {}

    static int of(String variable, int usual) {
        String value = System.getenv(variable);
        return value == null || value.isBlank() ? usual : Integer.parseInt(value.strip());
    }

    static String text(String variable, String usual) {
        String value = System.getenv(variable);
        return value == null || value.isBlank() ? usual : value.strip();
    }

    /** Jobs that run at once, of the queue that does nothing. */
    static int limit() {
        return of("BENCH_LIMIT", 1_000);
    }
}
