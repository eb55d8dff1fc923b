package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobDraft;

/** Puts jobs into the table. Joins the caller's transaction. */
public final class Insertion {

    private static final String INSERT = """
            INSERT INTO ${schema}.oban_jobs
                (state, queue, worker, args, meta, tags, priority, max_attempts, scheduled_at)
            VALUES (?::${schema}.oban_job_state, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?,
                coalesce(?::timestamp, timezone('UTC', now())))
            RETURNING\s""" + JobRows.COLUMNS;

    private final Jdbc jdbc;
    private final String insert;

    public Insertion(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.insert = prefix.in(INSERT);
    }

    /** Inserts one job and returns it as it is stored. */
    public Job insert(JobDraft draft) {
        return jdbc.query(
                        insert,
                        p -> p.text(draft.state().label())
                                .text(draft.queue())
                                .text(draft.worker())
                                .text(draft.argsJson())
                                .text(draft.metaJson())
                                .texts(draft.tags())
                                .number(draft.priority())
                                .number(draft.maxAttempts())
                                .time(draft.scheduledAt()),
                        JobRows::map)
                .get(0);
    }
}
