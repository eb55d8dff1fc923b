package dev.kerrera.engine;

import dev.kerrera.db.Row;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobRow;
import dev.kerrera.job.JobState;
import java.sql.SQLException;

/** Reads jobs from result rows. The columns and the mapping stand side by side because they must agree in order. */
final class JobRows {

    static final String COLUMNS = """
            id, state::text, queue, worker, args::text, to_jsonb(errors)::text, attempt, max_attempts, inserted_at, \
            scheduled_at, attempted_at, completed_at, attempted_by, discarded_at, priority, tags, meta::text, cancelled_at""";

    private JobRows() {}

    static Job map(Row row) throws SQLException {
        return Job.of(read(row));
    }

    /** A job that was found in place of being inserted. */
    static Job conflicting(Row row) throws SQLException {
        return Job.conflicting(read(row));
    }

    private static JobRow read(Row row) throws SQLException {
        return new JobRow(
                row.number(),
                JobState.of(row.text()),
                row.text(),
                row.text(),
                row.text(),
                row.textOrNull(),
                (int) row.number(),
                (int) row.number(),
                row.time(),
                row.time(),
                row.timeOrNull(),
                row.timeOrNull(),
                row.texts(),
                row.timeOrNull(),
                (int) row.number(),
                row.texts(),
                row.textOrNull(),
                row.timeOrNull());
    }
}
