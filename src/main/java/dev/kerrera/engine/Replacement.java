package dev.kerrera.engine;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Jdbc.Binder;
import dev.kerrera.db.Parameters;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobDraft;
import dev.kerrera.job.JobState;
import dev.kerrera.job.Replace;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts values of a new job into the stored one that it is the same as. */
final class Replacement {

    private static final String REPLACE = """
            UPDATE ${schema}.oban_jobs SET ${values}
            WHERE id = ? AND state IN (${states})
            RETURNING\s""" + JobRows.COLUMNS;

    /** What is stored may have begun more attempts than the new job allows; a row that may run again without any left never would. */
    private static final String MAX_ATTEMPTS = "greatest(?, attempt + " + RevisionSql.ONE_UNLESS_ENDED + ")";

    private final Jdbc jdbc;
    private final String replace;

    Replacement(Jdbc jdbc, Prefix prefix) {
        this.jdbc = jdbc;
        this.replace = prefix.in(REPLACE);
    }

    /** The stored job with its new values; nothing when it is in a state in which nothing is replaced, or gone. */
    Optional<Job> replace(long id, JobDraft draft, Map<Replace.Field, Set<JobState>> replacing) {
        Set<JobState> states = EnumSet.noneOf(JobState.class);
        replacing.values().forEach(states::addAll);
        String values = replacing.entrySet().stream()
                .map(entry -> assignment(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
        String statement = replace.replace("${values}", values).replace("${states}", UniqueMatch.labels(states));
        return jdbc
                .query(
                        statement,
                        p -> {
                            for (Replace.Field field : replacing.keySet()) {
                                bind(field, draft, p);
                            }
                            p.number(id);
                        },
                        JobRows::conflicting)
                .stream()
                .findFirst();
    }

    private static String assignment(Replace.Field field, Set<JobState> states) {
        String column = field.name().toLowerCase(Locale.ROOT);
        String value =
                switch (field) {
                    case ARGS, META -> "?::jsonb";
                    case TAGS -> "?::text[]";
                    case SCHEDULED_AT -> "?::timestamp";
                    case MAX_ATTEMPTS -> MAX_ATTEMPTS;
                    case PRIORITY, QUEUE, WORKER -> "?";
                };
        return "%1$s = CASE WHEN state IN (%2$s) THEN %3$s ELSE %1$s END"
                .formatted(column, UniqueMatch.labels(states), value);
    }

    private static void bind(Replace.Field field, JobDraft draft, Parameters p) throws SQLException {
        Binder binder =
                switch (field) {
                    case ARGS -> any -> any.text(draft.argsJson());
                    case META -> any -> any.text(draft.metaJson());
                    case TAGS -> any -> any.texts(draft.tags());
                    case SCHEDULED_AT -> any -> any.time(draft.scheduledAt());
                    case MAX_ATTEMPTS -> any -> any.number(draft.maxAttempts());
                    case PRIORITY -> any -> any.number(draft.priority());
                    case QUEUE -> any -> any.text(draft.queue());
                    case WORKER -> any -> any.text(draft.worker());
                };
        binder.bind(p);
    }
}
