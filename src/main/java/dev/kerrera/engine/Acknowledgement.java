package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.ResultSettings;
import dev.kerrera.db.DatabaseException;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobError;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * Writes what became of a run, if the run still owns the job.
 *
 * <p>Every statement is fenced: it names the attempt, the owner and the moment it was fetched with, so a row that was rescued,
 * cancelled or fetched again meanwhile is left alone. Errors are taken apart before one is appended, because to an array of arrays
 * nothing can be appended. In a JTA transaction of the caller's the result commits with it; otherwise a row that somebody holds is
 * waited for no longer than a second, so that results that cannot be written keep no connections.
 */
public final class Acknowledgement {

    private static final String COMPLETE =
            "UPDATE ${schema}.oban_jobs SET state = 'completed', completed_at = ?" + Fence.WHERE_RUNNING;

    private static final String DELETE = "DELETE FROM ${schema}.oban_jobs" + Fence.WHERE_RUNNING;

    /** A run goes by the attempts it was fetched with; if they were lowered meanwhile, one is left all the same. */
    private static final String RETRY = """
            UPDATE ${schema}.oban_jobs
            SET state = 'retryable', errors = ARRAY(SELECT unnest(errors)) || ?::jsonb, scheduled_at = ?,
                max_attempts = greatest(max_attempts, attempt + 1), meta = """ + Rescuing.SURVIVED + Fence.WHERE_RUNNING;

    private static final String DISCARD =
            "UPDATE ${schema}.oban_jobs SET state = 'discarded', errors = ARRAY(SELECT unnest(errors)) || ?::jsonb, discarded_at = ?"
                    + Fence.WHERE_RUNNING;

    private static final String CANCEL =
            "UPDATE ${schema}.oban_jobs SET state = 'cancelled', errors = ARRAY(SELECT unnest(errors)) || ?::jsonb, cancelled_at = ?"
                    + Fence.WHERE_RUNNING;

    private static final String SNOOZE = """
            UPDATE ${schema}.oban_jobs
            SET state = 'scheduled', scheduled_at = ?, attempt = attempt - 1,
                meta = coalesce(""" + Rescuing.SURVIVED + """
            , '{}') || jsonb_build_object('snoozed',
                    CASE WHEN jsonb_typeof(meta -> 'snoozed') = 'number' THEN (meta ->> 'snoozed')::numeric ELSE 0 END + 1)""" + Fence.WHERE_RUNNING;

    private static final String RELEASE =
            "UPDATE ${schema}.oban_jobs SET state = 'available', attempt = attempt - 1" + Fence.WHERE_RUNNING;

    /**
     * Whoever cancelled the job wrote so in the row; what is missing is the note that its run was ended. It is made once, however often
     * it is tried.
     */
    private static final String KILL = """
            UPDATE ${schema}.oban_jobs
            SET state = 'cancelled', errors = ARRAY(SELECT unnest(errors)) || ?::jsonb,
                cancelled_at = CASE WHEN state = 'cancelled' THEN coalesce(cancelled_at, ?) ELSE ? END
            WHERE (state = 'executing' OR state = 'cancelled' AND NOT EXISTS (
                SELECT FROM unnest(errors) AS error WHERE error -> 'attempt' = to_jsonb(attempt))) AND\s""" + Fence.SAME_RUN;

    private static final String STATE =
            "SELECT state::text FROM ${schema}.oban_jobs WHERE id = ? AND attempted_by = ?::text[] AND attempted_at = ?";

    private static final String EXISTS = "SELECT id FROM ${schema}.oban_jobs WHERE id = ?";

    private final Jdbc jdbc;
    private final Clock clock;
    private final boolean delete;
    private final String completeSql;
    private final String deleteSql;
    private final String retrySql;
    private final String discardSql;
    private final String cancelSql;
    private final String snoozeSql;
    private final String releaseSql;
    private final String killSql;
    private final String stateSql;
    private final String existsSql;

    public Acknowledgement(Jdbc jdbc, Prefix prefix, Clock clock, ResultSettings results) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.delete = results.deleteCompleted();
        this.completeSql = prefix.in(COMPLETE);
        this.deleteSql = prefix.in(DELETE);
        this.retrySql = prefix.in(RETRY);
        this.discardSql = prefix.in(DISCARD);
        this.cancelSql = prefix.in(CANCEL);
        this.snoozeSql = prefix.in(SNOOZE);
        this.releaseSql = prefix.in(RELEASE);
        this.killSql = prefix.in(KILL);
        this.stateSql = prefix.in(STATE);
        this.existsSql = prefix.in(EXISTS);
    }

    /**
     * Settles a job.
     *
     * @param job the job as the owner fetched it
     * @return false when the job no longer belongs to this run, and nothing was written
     */
    public boolean settle(Job job, Owner owner, Settlement settlement) {
        Instant now = clock.instant();
        if (settlement instanceof Settlement.Retry retry) {
            return fail(retrySql, job, owner, retry.error(), now, now.plus(retry.backoff()));
        } else if (settlement instanceof Settlement.Discard discard) {
            return fail(discardSql, job, owner, discard.error(), now, now);
        } else if (settlement instanceof Settlement.Cancel cancel) {
            return fail(cancelSql, job, owner, cancel.error(), now, now);
        } else if (settlement instanceof Settlement.Kill kill) {
            String entry = new JobError(job.attempt(), now, kill.error()).toJson();
            return write(killSql, job, owner, p -> p.text(entry).time(now).time(now));
        } else if (settlement instanceof Settlement.Snooze snooze) {
            return write(snoozeSql, job, owner, p -> p.time(now.plus(snooze.delay())));
        } else if (settlement instanceof Settlement.Release) {
            return write(releaseSql, job, owner, p -> {});
        }
        return delete ? deleteOrComplete(job, owner, now) : write(completeSql, job, owner, p -> p.time(now));
    }

    /** A row that others refer to cannot be deleted; its job is done all the same. */
    private boolean deleteOrComplete(Job job, Owner owner, Instant now) {
        try {
            return write(deleteSql, job, owner, p -> {});
        } catch (DatabaseException failure) {
            if (!failure.isAboutRows() || jdbc.inTransaction()) {
                throw failure;
            }
            return write(completeSql, job, owner, p -> p.time(now));
        }
    }

    /**
     * Whether the job is already as the settlement would leave it; asked when a write was tried again, because the first one may
     * have reached the table although its answer was lost.
     */
    public boolean isSettled(Job job, Owner owner, Settlement settlement) {
        return (delete && settlement instanceof Settlement.Complete && isGone(job))
                || states(job, owner).contains(settlement.state().label());
    }

    private boolean isGone(Job job) {
        return jdbc.query(existsSql, p -> p.number(job.id()), row -> row.number())
                .isEmpty();
    }

    private List<String> states(Job job, Owner owner) {
        return jdbc.query(
                stateSql,
                p -> p.number(job.id()).texts(owner.attemptedBy()).time(job.attemptedAt()),
                row -> row.text());
    }

    private boolean fail(String sql, Job job, Owner owner, String error, Instant now, Instant then) {
        String entry = new JobError(job.attempt(), now, error).toJson();
        return write(sql, job, owner, p -> p.text(entry).time(then));
    }

    private boolean write(String sql, Job job, Owner owner, Jdbc.Binder values) {
        int written = jdbc.update(jdbc.inTransaction() ? sql : sql + Fence.NOT_FOR_LONG, p -> {
            values.bind(p);
            Fence.bind(p, job, owner);
        });
        return written == 1;
    }
}
