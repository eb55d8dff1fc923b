package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobDraft;

/** Puts a job into the table, whether or not another is the same. Joins the caller's transaction. */
public final class Insertion {

    private static final String INSERT =
            """
            INSERT INTO ${schema}.oban_jobs\s""" + NewRow.COLUMNS + "\nVALUES (" + NewRow.VALUES + ")\nRETURNING " + JobRows.COLUMNS;

    private final Jdbc jdbc;
    private final String insert;

    public Insertion(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.insert = prefix.in(INSERT);
    }

    /** Inserts one job and returns it as it is stored. */
    public Job insert(JobDraft draft) {
        return jdbc.query(insert, p -> NewRow.bind(p, draft), JobRows::map).get(0);
    }
}
