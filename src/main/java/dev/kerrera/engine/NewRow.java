package dev.kerrera.engine;

import dev.kerrera.db.Parameters;
import dev.kerrera.job.JobDraft;
import dev.kerrera.job.JobState;
import java.sql.SQLException;
import java.util.stream.Collectors;

/** Writes a job as a new row. The columns and the binding stand side by side because they must agree in order. */
final class NewRow {

    static final String COLUMNS = """
            (state, queue, worker, args, meta, tags, priority, max_attempts, inserted_at, scheduled_at, completed_at, discarded_at, \
            cancelled_at)""";

    static final String VALUES = """
            ?::${schema}.oban_job_state, ?, ?, ?::jsonb, ?::jsonb, ?::text[], ?, ?,
            coalesce(?::timestamp, timezone('UTC', now())), coalesce(?::timestamp, timezone('UTC', now())), ?::timestamp, ?::timestamp, ?::timestamp""";

    private NewRow() {}

    static Parameters bind(Parameters parameters, JobDraft draft) throws SQLException {
        return parameters
                .literal(draft.state().label())
                .text(draft.queue())
                .text(draft.worker())
                .literal(draft.argsJson())
                .literal(draft.metaJson())
                .literal(tags(draft))
                .number(draft.priority())
                .number(draft.maxAttempts())
                .time(draft.insertedAt())
                .time(draft.scheduledAt() == null ? draft.insertedAt() : draft.scheduledAt())
                .time(draft.endedAs(JobState.COMPLETED))
                .time(draft.endedAs(JobState.DISCARDED))
                .time(draft.endedAs(JobState.CANCELLED));
    }

    /** Its tags as PostgreSQL spells an array. */
    static String tags(JobDraft draft) {
        return draft.tags().isEmpty()
                ? "{}"
                : draft.tags().stream()
                        .map(tag -> '"' + tag.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                        .collect(Collectors.joining(",", "{", "}"));
    }
}
