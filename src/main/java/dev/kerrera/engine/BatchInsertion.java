package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Parameters;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobDraft;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Puts many jobs into the table by one statement, whether or not others are the same. */
final class BatchInsertion {

    private static final String INSERT = """
            INSERT INTO ${schema}.oban_jobs\s""" + NewRow.COLUMNS + """

            SELECT state::${schema}.oban_job_state, queue, worker, args::jsonb, meta::jsonb, tags::text[], priority, max_attempts,
                timezone('UTC', now()), coalesce(scheduled_at, timezone('UTC', now())),
                CASE state WHEN 'completed' THEN ended_at END,
                CASE state WHEN 'discarded' THEN ended_at END,
                CASE state WHEN 'cancelled' THEN ended_at END
            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?::timestamp[], ?::timestamp[]) WITH ORDINALITY AS job
                (state, queue, worker, args, meta, tags, priority, max_attempts, scheduled_at, ended_at, position)
            ORDER BY position""";

    /** Fails when a trigger has kept a row out, because then nobody knows which of the rows is whose. */
    private static final String INSERT_COUNTED = "WITH stored AS (" + INSERT + " RETURNING " + StoredRow.COLUMNS + """
            )
            SELECT stored.*, 1 / (count(*) OVER () = ?)::integer FROM stored""";

    private final Jdbc jdbc;
    private final String insert;
    private final String insertReturning;
    private final String insertReturningRows;

    BatchInsertion(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.insert = prefix.in(INSERT);
        this.insertReturning = insert + " RETURNING id";
        this.insertReturningRows = prefix.in(INSERT_COUNTED);
    }

    /** Inserts them in their order. */
    void insert(List<JobDraft> drafts) {
        jdbc.update(insert, p -> bind(p, drafts));
    }

    /** Inserts them in their order, and returns their ids in the same. */
    List<Long> insertReturning(List<JobDraft> drafts) {
        return jdbc.query(insertReturning, p -> bind(p, drafts), row -> row.number());
    }

    /** Inserts them in their order, and returns them as they are stored in the same. All are committed, or none is inserted. */
    List<Job> insertReturningJobs(List<JobDraft> drafts) {
        Iterator<JobDraft> inOrder = drafts.iterator();
        return jdbc.queryCommitted(
                insertReturningRows,
                p -> bind(p, drafts).number(drafts.size()),
                row -> StoredRow.map(row, inOrder.next()));
    }

    private static Parameters bind(Parameters parameters, List<JobDraft> drafts) throws SQLException {
        return parameters
                .texts(texts(drafts, draft -> draft.state().label()))
                .texts(texts(drafts, JobDraft::queue))
                .texts(texts(drafts, JobDraft::worker))
                .texts(texts(drafts, JobDraft::argsJson))
                .texts(texts(drafts, JobDraft::metaJson))
                .texts(texts(drafts, NewRow::tags))
                .integers(integers(drafts, JobDraft::priority))
                .integers(integers(drafts, JobDraft::maxAttempts))
                .times(times(drafts, JobDraft::scheduledAt))
                .times(times(drafts, JobDraft::endedAt));
    }

    private static String[] texts(List<JobDraft> drafts, Function<JobDraft, String> column) {
        String[] values = new String[drafts.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(drafts.get(i));
        }
        return values;
    }

    private static int[] integers(List<JobDraft> drafts, ToIntFunction<JobDraft> column) {
        int[] values = new int[drafts.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.applyAsInt(drafts.get(i));
        }
        return values;
    }

    private static @Nullable Instant[] times(List<JobDraft> drafts, Function<JobDraft, @Nullable Instant> column) {
        @Nullable Instant[] values = new Instant[drafts.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(drafts.get(i));
        }
        return values;
    }
}
