package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.Job;

/** Keeps in the row how far a run has come. Fenced like its result. */
public final class ProgressNotes {

    private static final String NOTE = """
            UPDATE ${schema}.oban_jobs
            SET meta = coalesce(meta, '{}') || jsonb_build_object('progress', ?::jsonb)""" + Fence.WHERE_RUNNING;

    private final Jdbc jdbc;
    private final String note;

    public ProgressNotes(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.note = prefix.in(NOTE);
    }

    /**
     * Replaces what was noted before.
     *
     * @param progressJson a JSON object's text
     */
    public void note(Job job, Owner owner, String progressJson) {
        jdbc.update(note, p -> Fence.bind(p.text(progressJson), job, owner));
    }
}
