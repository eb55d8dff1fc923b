package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Parameters;
import dev.kerrera.job.JobDraft;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Puts many jobs into the table by one statement, whether or not others are the same. */
final class BatchInsertion {

    private static final String INSERT = """
            INSERT INTO ${schema}.oban_jobs\s""" + NewRow.COLUMNS + """

            SELECT state::${schema}.oban_job_state, queue, worker, args::jsonb, meta::jsonb, tags::text[], priority, max_attempts,
                timezone('UTC', now()), coalesce(scheduled_at, timezone('UTC', now())),
                CASE state WHEN 'completed' THEN ended_at END,
                CASE state WHEN 'discarded' THEN ended_at END,
                CASE state WHEN 'cancelled' THEN ended_at END
            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WITH ORDINALITY AS job
                (state, queue, worker, args, meta, tags, priority, max_attempts, scheduled_at, ended_at, position)
            ORDER BY position""";

    private final Jdbc jdbc;
    private final String insert;
    private final String insertReturning;

    BatchInsertion(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.insert = prefix.in(INSERT);
        this.insertReturning = insert + " RETURNING id";
    }

    /** Inserts them in their order. */
    void insert(List<JobDraft> drafts) {
        jdbc.update(insert, p -> bind(p, drafts));
    }

    /** Inserts them in their order, and returns their ids in the same. */
    List<Long> insertReturning(List<JobDraft> drafts) {
        return jdbc.query(insertReturning, p -> bind(p, drafts), row -> row.number());
    }

    private static void bind(Parameters parameters, List<JobDraft> drafts) throws SQLException {
        parameters
                .texts(each(drafts, draft -> draft.state().label()))
                .texts(each(drafts, JobDraft::queue))
                .texts(each(drafts, JobDraft::worker))
                .texts(each(drafts, JobDraft::argsJson))
                .texts(each(drafts, JobDraft::metaJson))
                .texts(each(drafts, draft -> arrayLiteral(draft.tags())))
                .integers(each(drafts, JobDraft::priority))
                .integers(each(drafts, JobDraft::maxAttempts))
                .times(drafts.stream().map(JobDraft::scheduledAt).collect(Collectors.toList()))
                .times(drafts.stream().map(JobDraft::endedAt).collect(Collectors.toList()));
    }

    private static <T> List<T> each(List<JobDraft> drafts, Function<JobDraft, T> value) {
        return drafts.stream().map(value).toList();
    }

    /** An array inside an array: PostgreSQL's own have the same length in every row. */
    private static String arrayLiteral(List<String> texts) {
        return texts.stream()
                .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }
}
