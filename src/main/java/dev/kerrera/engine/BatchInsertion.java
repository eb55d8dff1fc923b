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

/**
 * Puts many jobs into the table by one statement, whether or not others are the same. Most often they differ in nothing but their
 * args, and then the rest is handed over once.
 */
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

    private static final String INSERT_ALIKE = """
            INSERT INTO ${schema}.oban_jobs
                (state, queue, worker, args, meta, tags, priority, max_attempts, inserted_at, scheduled_at)
            SELECT ?::${schema}.oban_job_state, ?, ?, args::jsonb, ?::jsonb, ?::text[], ?, ?,
                timezone('UTC', now()), timezone('UTC', now())
            FROM unnest(?) WITH ORDINALITY AS job (args, position)
            ORDER BY position""";

    private final Jdbc jdbc;
    private final Form any;
    private final Form alike;

    BatchInsertion(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.any = Form.of(prefix.in(INSERT), BatchInsertion::bindAny);
        this.alike = Form.of(prefix.in(INSERT_ALIKE), BatchInsertion::bindAlike);
    }

    @FunctionalInterface
    private interface Binding {
        Parameters bind(Parameters parameters, List<JobDraft> drafts) throws SQLException;
    }

    /** A way to hand jobs over: its statements, and what they all want. */
    private record Form(String insert, String returningIds, String returningRows, Binding binding) {

        /** The last one fails when a trigger has kept a row out, because then nobody knows which of the rows is whose. */
        static Form of(String insert, Binding binding) {
            String returningRows = """
                    WITH stored AS (%s RETURNING %s)
                    SELECT stored.*, 1 / (count(*) OVER () = ?)::integer FROM stored""".formatted(insert, StoredRow.COLUMNS);
            return new Form(insert, insert + " RETURNING id", returningRows, binding);
        }

        Parameters bind(Parameters parameters, List<JobDraft> drafts) throws SQLException {
            return binding.bind(parameters, drafts);
        }
    }

    /** Inserts them in their order. */
    void insert(List<JobDraft> drafts) {
        Form form = form(drafts);
        jdbc.update(form.insert(), p -> form.bind(p, drafts));
    }

    /** Inserts them in their order, and returns their ids in the same. */
    List<Long> insertReturning(List<JobDraft> drafts) {
        Form form = form(drafts);
        return jdbc.query(form.returningIds(), p -> form.bind(p, drafts), row -> row.number());
    }

    /** Inserts them in their order, and returns them as they are stored in the same. All are committed, or none is inserted. */
    List<Job> insertReturningJobs(List<JobDraft> drafts) {
        Form form = form(drafts);
        Iterator<JobDraft> inOrder = drafts.iterator();
        return jdbc.queryCommitted(
                form.returningRows(),
                p -> form.bind(p, drafts).number(drafts.size()),
                row -> StoredRow.map(row, inOrder.next()));
    }

    private Form form(List<JobDraft> drafts) {
        return areAlike(drafts) ? alike : any;
    }

    private static boolean areAlike(List<JobDraft> drafts) {
        JobDraft first = drafts.get(0);
        for (JobDraft draft : drafts) {
            if (draft.scheduledAt() != null
                    || draft.endedAt() != null
                    || draft.state() != first.state()
                    || draft.priority() != first.priority()
                    || draft.maxAttempts() != first.maxAttempts()
                    || !draft.queue().equals(first.queue())
                    || !draft.worker().equals(first.worker())
                    || !draft.metaJson().equals(first.metaJson())
                    || !draft.tags().equals(first.tags())) {
                return false;
            }
        }
        return true;
    }

    private static Parameters bindAlike(Parameters parameters, List<JobDraft> drafts) throws SQLException {
        JobDraft first = drafts.get(0);
        return parameters
                .literal(first.state().label())
                .text(first.queue())
                .text(first.worker())
                .literal(first.metaJson())
                .literal(NewRow.tags(first))
                .number(first.priority())
                .number(first.maxAttempts())
                .texts(texts(drafts, JobDraft::argsJson));
    }

    private static Parameters bindAny(Parameters parameters, List<JobDraft> drafts) throws SQLException {
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
