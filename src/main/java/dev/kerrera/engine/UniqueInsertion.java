package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobDraft;
import dev.kerrera.job.JobState;
import dev.kerrera.job.Replace;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Puts a job into the table unless one that is the same is there. Joins the caller's transaction. */
public final class UniqueInsertion {

    /**
     * The ids are gathered first: with a LIMIT in their place the planner hopes to meet one soon, and scans the whole table when
     * there is none.
     */
    private static final String INSERT = """
            WITH stored AS MATERIALIZED (
                SELECT id FROM ${schema}.oban_jobs WHERE ${match}),
            inserted AS (
                INSERT INTO ${schema}.oban_jobs\s""" + NewRow.COLUMNS + "\n    SELECT " + NewRow.VALUES + """

                WHERE NOT EXISTS (SELECT FROM stored)
                RETURNING\s""" + JobRows.COLUMNS
            + """
            )
            SELECT true,\s""" + JobRows.COLUMNS + """
             FROM ${schema}.oban_jobs WHERE id = (SELECT min(id) FROM stored)
            UNION ALL SELECT false, inserted.* FROM inserted""";

    private static final String FIND = """
            SELECT\s""" + JobRows.COLUMNS + " FROM ${schema}.oban_jobs WHERE id = ?";

    private final Jdbc jdbc;
    private final UniqueLocks locks;
    private final Replacement replacement;
    private final String insert;
    private final String find;

    public UniqueInsertion(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.locks = new UniqueLocks(jdbc, prefix);
        this.replacement = new Replacement(jdbc, prefix);
        this.insert = prefix.in(INSERT);
        this.find = prefix.in(FIND);
    }

    /**
     * Inserts one job, or finds the one that is there and replaces what the new one replaces in it. Waits for others that insert
     * the same job until their transactions have ended.
     *
     * @return the job as it is stored, marked when it was found
     * @throws IllegalStateException when the caller's transaction cannot see what it waited for
     */
    public Job insert(JobDraft draft) {
        UniqueValues values = UniqueValues.of(draft);
        return jdbc.together(() -> {
            locks.lock(values);
            return insertLocked(draft, values);
        });
    }

    /** The same once the job is locked. A stored job can still go away between two statements, and then there is none. */
    Job insertLocked(JobDraft draft, UniqueValues values) {
        Map<Replace.Field, Set<JobState>> replacing =
                Objects.requireNonNull(draft.uniqueness()).replacing();
        while (true) {
            Job job = insertOrFind(draft, UniqueMatch.of(values));
            if (!job.isConflict() || replacing.isEmpty()) {
                return job;
            }
            Optional<Job> now = replacement.replace(job.id(), draft, replacing).or(() -> find(job.id()));
            if (now.isPresent()) {
                return now.get();
            }
        }
    }

    private Job insertOrFind(JobDraft draft, UniqueMatch match) {
        return jdbc.query(
                        insert.replace("${match}", match.condition()),
                        p -> NewRow.bind(match.bind(p), draft),
                        row -> row.flag() ? JobRows.conflicting(row) : JobRows.map(row))
                .get(0);
    }

    private Optional<Job> find(long id) {
        List<Job> found = jdbc.query(find, p -> p.number(id), JobRows::conflicting);
        return found.stream().findFirst();
    }
}
