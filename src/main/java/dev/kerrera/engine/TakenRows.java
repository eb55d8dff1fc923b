package dev.kerrera.engine;

import dev.kerrera.db.Row;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobRow;
import dev.kerrera.job.JobState;
import java.sql.SQLException;

/** Reads jobs that were just taken, whose state, queue and owner are known, and have most of the rest empty. */
final class TakenRows {

    static final String COLUMNS = """
            id, worker, args, errors, attempt, max_attempts, inserted_at, scheduled_at, attempted_at, \
            completed_at, discarded_at, cancelled_at, priority, tags, meta""";

    private static final String[] NO_TAGS = {};

    private final String queue;
    private final String[] attemptedBy;

    TakenRows(String queue, Owner owner) {
        this.queue = queue;
        this.attemptedBy = owner.attemptedBy().toArray(String[]::new);
    }

    Job map(Row row) throws SQLException {
        long id = row.number();
        String worker = row.text();
        String args = row.text();
        String errors = row.textOrNull();
        int attempt = (int) row.number();
        int maxAttempts = (int) row.number();
        var insertedAt = row.time();
        var scheduledAt = row.time();
        var attemptedAt = row.time();
        var completedAt = row.timeOrNull();
        var discardedAt = row.timeOrNull();
        var cancelledAt = row.timeOrNull();
        int priority = (int) row.number();
        String[] tags = row.texts();
        return Job.of(new JobRow(
                id,
                JobState.EXECUTING,
                queue,
                worker,
                args,
                errors,
                attempt,
                maxAttempts,
                insertedAt,
                scheduledAt,
                attemptedAt,
                completedAt,
                attemptedBy,
                discardedAt,
                priority,
                tags == null ? NO_TAGS : tags,
                row.textOrNull(),
                cancelledAt));
    }
}
