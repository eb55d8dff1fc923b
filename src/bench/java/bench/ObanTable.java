package bench;

/** The table of jobs that Oban made. */
final class ObanTable {

    static final String NAME = "public.oban_jobs";
    static final String UNFINISHED = NAME + " WHERE state IN ('available', 'executing')";

    private static final String COPY = """
            INSERT INTO public.oban_jobs
                (state, queue, worker, args, meta, tags, errors, attempt, attempted_by, max_attempts, priority,
                inserted_at, scheduled_at, attempted_at, completed_at)
            SELECT '%1$s', queue, worker, args, meta, tags, errors, attempt, attempted_by, max_attempts, priority,
                inserted_at, %2$s, attempted_at, completed_at
            FROM (SELECT * FROM public.oban_jobs ORDER BY id LIMIT 1) job, generate_series(%3$d, %4$d) AS i""";

    private ObanTable() {}

    /** A completed job began before now, and a scheduled one begins in two days or later. */
    static String copies(String state, int from, int to) {
        String time = state.equals("completed")
                ? "scheduled_at - i * interval '1 ms'"
                : "scheduled_at + interval '2 days' + i * interval '10 ms'";
        return COPY.formatted(state, time, from, to);
    }
}
