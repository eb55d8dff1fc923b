package dev.kerrera.engine;

import dev.kerrera.db.Parameters;
import dev.kerrera.job.JobRevision;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a revision as it stands after SET. */
final class RevisionSql {

    static final String ONE_UNLESS_ENDED =
            "CASE WHEN state IN ('completed', 'discarded', 'cancelled') THEN 0 ELSE 1 END";

    private final List<Fragment> columns = new ArrayList<>();

    private RevisionSql() {}

    static Fragment of(JobRevision revision) {
        RevisionSql sql = new RevisionSql();
        sql.set("worker = ?", revision.worker(), Parameters::text);
        sql.set("queue = ?", revision.queue(), Parameters::text);
        sql.set("args = ?::jsonb", revision.argsJson(), Parameters::text);
        sql.set("meta = ?::jsonb", revision.metaJson(), Parameters::text);
        sql.set("tags = ?", revision.tags(), Parameters::texts);
        sql.set("priority = ?", revision.priority(), (p, priority) -> p.number((int) priority));
        sql.set("state = 'scheduled', scheduled_at = ?", revision.scheduledAt(), Parameters::time);
        sql.setMaxAttempts(revision);
        return Fragment.join(sql.columns, ", ");
    }

    /**
     * A job that may run again has an attempt left, because the table takes an available job without one and no queue ever runs
     * it. That holds for one that executes, too: its run goes by the number it was fetched with, and may ask for another attempt.
     * No job has fewer than it has used, because the table would refuse the whole statement.
     */
    private void setMaxAttempts(JobRevision revision) {
        String least = revision.scheduledAt() == null ? "attempt + " + ONE_UNLESS_ENDED : "attempt + 1";
        if (revision.maxAttempts() != null) {
            set(
                    "max_attempts = greatest(?, " + least + ")",
                    revision.maxAttempts(),
                    (p, wanted) -> p.number((int) wanted));
        } else if (revision.scheduledAt() != null) {
            columns.add(new Fragment("max_attempts = greatest(max_attempts, " + least + ")", p -> {}));
        }
    }

    private <T> void set(String sql, @Nullable T value, Setter<T> setter) {
        if (value != null) {
            columns.add(new Fragment(sql, p -> setter.bind(p, value)));
        }
    }

    @FunctionalInterface
    private interface Setter<T> {
        void bind(Parameters parameters, T value) throws SQLException;
    }
}
