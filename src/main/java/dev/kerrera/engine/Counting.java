package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.JobState;
import java.util.List;

/** Counts all jobs. It looks at every row, if only in an index, so it is not to be asked often. */
public final class Counting {

    private static final String COUNT = """
            SELECT state::text, queue, count(*) FROM ${schema}.oban_jobs
            GROUP BY state, queue
            ORDER BY state, queue""";

    private final Jdbc jdbc;
    private final String count;

    /** So many jobs of one state in one queue. */
    public record Count(JobState state, String queue, long jobs) {}

    public Counting(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.count = prefix.in(COUNT);
    }

    /** How many jobs there are of each state in each queue, where there are any. */
    public List<Count> byStateAndQueue() {
        return jdbc.query(count, p -> {}, row -> new Count(JobState.of(row.text()), row.text(), row.number()));
    }
}
