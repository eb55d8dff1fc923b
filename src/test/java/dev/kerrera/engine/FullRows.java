package dev.kerrera.engine;

import dev.kerrera.job.JobState;
import dev.kerrera.testsupport.RawJobs;

/** Rows in which every column holds something, so that whatever a statement writes shows. */
final class FullRows {

    private FullRows() {}

    /** One of that state, attempt 2 of 5. */
    static long add(RawJobs jobs, JobState state) {
        return add(jobs, state, 2, 5);
    }

    static long add(RawJobs jobs, JobState state, int attempt, int maxAttempts) {
        return jobs.add("""
                (state, queue, worker, args, meta, tags, priority, attempt, max_attempts, errors, attempted_by,
                 inserted_at, scheduled_at, attempted_at, completed_at, discarded_at, cancelled_at)
                VALUES ('%s', 'mail', 'A', '{"k": 1}', '{"m": 1}', '{t}', 3, %d, %d, ARRAY['{"attempt": 1}'::jsonb],
                 '{here,there}', '2020-01-01', '2020-01-02', '2020-01-03', '2020-01-04', '2020-01-05', '2020-01-06')""".formatted(state.label(), attempt, maxAttempts));
    }
}
