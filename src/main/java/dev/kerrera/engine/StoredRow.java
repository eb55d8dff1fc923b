package dev.kerrera.engine;

import dev.kerrera.db.Row;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobDraft;
import dev.kerrera.job.JobRow;
import dev.kerrera.job.JobState;
import java.sql.SQLException;

/**
 * A job that has just been inserted, of which only that is read which the draft does not say: {@code jsonb} spells JSON its own
 * way. The columns and the mapping stand side by side because they must agree in order.
 */
final class StoredRow {

    static final String COLUMNS = "id, args::text AS args, meta::text AS meta, inserted_at, scheduled_at";

    private static final String NO_ERRORS = "[]";

    private StoredRow() {}

    static Job map(Row row, JobDraft draft) throws SQLException {
        long id = row.number();
        String args = row.text();
        String meta = row.text();
        return Job.of(new JobRow(
                id,
                draft.state(),
                draft.queue(),
                draft.worker(),
                args,
                NO_ERRORS,
                0,
                draft.maxAttempts(),
                row.time(),
                row.time(),
                null,
                draft.endedAs(JobState.COMPLETED),
                null,
                draft.endedAs(JobState.DISCARDED),
                draft.priority(),
                draft.tags().toArray(String[]::new),
                meta,
                draft.endedAs(JobState.CANCELLED)));
    }
}
