package dev.kerrera.engine;

import dev.kerrera.db.Parameters;
import dev.kerrera.job.Job;
import java.sql.SQLException;

/**
 * What a row must still say for a run to write to it: the attempt, the owner and the moment it was fetched with. The attempt
 * alone would not do, because a snoozed job gets its number back; the moment grows with every fetch.
 */
final class Fence {

    /** The condition, to stand last in a statement. */
    static final String SAME_RUN = "id = ? AND attempt = ? AND attempted_by = ?::text[] AND attempted_at = ?";

    /**
     * That the job runs, in a form that no index answers and of which the planner knows nothing: so the row is found by its key, and not
     * by an index of the states, where each run has left dead entries.
     */
    static final String RUNNING = "coalesce(state = 'executing', false)";

    /** The same run while the job runs. */
    static final String WHERE_RUNNING = " WHERE " + RUNNING + " AND " + SAME_RUN;

    /** Further condition of a statement: a row that somebody holds is waited for no longer than this. */
    static final String NOT_FOR_LONG = " AND (SELECT set_config('lock_timeout', '1s', true)) IS NOT NULL";

    private Fence() {}

    static void bind(Parameters parameters, Job job, Owner owner) throws SQLException {
        parameters
                .number(job.id())
                .number(job.attempt())
                .texts(owner.attemptedBy())
                .time(job.attemptedAt());
    }
}
