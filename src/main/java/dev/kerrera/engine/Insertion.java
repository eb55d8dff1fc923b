package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobDraft;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Puts a job into the table, whether or not another is the same. Joins the caller's transaction; callers without one share a
 * statement when they come at the same time. Thread-safe.
 */
public final class Insertion {

    private static final String INSERT =
            """
            INSERT INTO ${schema}.oban_jobs\s""" + NewRow.COLUMNS + "\nVALUES (" + NewRow.VALUES + ")\nRETURNING " + StoredRow.COLUMNS;

    /** Many times what a statement takes. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    /** A statement takes several times that. */
    private static final Duration MOMENT = Duration.ofNanos(100_000);

    private final Jdbc jdbc;
    private final BatchInsertion batches;
    private final GroupCommit<JobDraft, Job> callers;
    private final String insert;

    /** @param mayLead whether the calling thread may insert for others, because nobody is likely to interrupt it */
    public Insertion(Jdbc jdbc, Prefix prefix, BooleanSupplier mayLead) {
        this(jdbc, prefix, PATIENCE, mayLead);
    }

    Insertion(Jdbc jdbc, Prefix prefix, Duration patience, BooleanSupplier mayLead) {
        this.jdbc = jdbc;
        this.batches = new BatchInsertion(jdbc, prefix);
        this.insert = prefix.in(INSERT);
        this.callers = new GroupCommit<>(new Statement(), patience, MOMENT, mayLead);
    }

    /** Inserts one job and returns it as it is stored. */
    public Job insert(JobDraft draft) {
        return jdbc.inTransaction() ? insertAlone(draft) : callers.commit(draft);
    }

    /** How many callers wait for a statement to come. */
    int waiting() {
        return callers.waiting();
    }

    private Job insertAlone(JobDraft draft) {
        return jdbc.query(insert, p -> NewRow.bind(p, draft), row -> StoredRow.map(row, draft))
                .get(0);
    }

    private final class Statement implements GroupCommit.Statement<JobDraft, Job> {

        @Override
        public Job run(JobDraft one) {
            return insertAlone(one);
        }

        @Override
        public List<Job> run(List<JobDraft> many) {
            return batches.insertReturningJobs(many);
        }

        @Override
        public long weight(JobDraft one) {
            return one.argsJson().length() + one.metaJson().length();
        }
    }
}
