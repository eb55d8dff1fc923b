package dev.kerrera.engine;

import dev.kerrera.job.Condition;
import dev.kerrera.job.JobFilter;
import dev.kerrera.job.JobState;
import java.util.List;

/** Writes a filter as it stands after WHERE. */
final class FilterSql {

    private static final Fragment ALL = new Fragment("true", p -> {});

    private FilterSql() {}

    /** The condition; its text still holds the mark for the schema. */
    static Fragment of(JobFilter filter) {
        List<Fragment> terms = filter.conditions().stream().map(FilterSql::term).toList();
        return terms.isEmpty() ? ALL : Fragment.join(terms, " AND ");
    }

    private static Fragment term(Condition condition) {
        if (condition instanceof Condition.Numbers numbers) {
            return new Fragment(column(numbers.field()) + " = ANY(?)", p -> p.numbers(numbers.values()));
        } else if (condition instanceof Condition.Texts texts) {
            return new Fragment(column(texts.field()) + " = ANY(?)", p -> p.texts(texts.values()));
        } else if (condition instanceof Condition.States states) {
            List<String> labels = states.values().stream().map(JobState::label).toList();
            return new Fragment("state = ANY(?::${schema}.oban_job_state[])", p -> p.texts(labels));
        } else if (condition instanceof Condition.SameTags same) {
            return new Fragment("coalesce(tags, '{}') = ?::text[]", p -> p.texts(same.tags()));
        } else if (condition instanceof Condition.AllTags all) {
            return new Fragment("tags @> ?::text[]", p -> p.texts(all.tags()));
        } else if (condition instanceof Condition.Contains contains) {
            return new Fragment(column(contains.field()) + " @> ?::jsonb", p -> p.text(contains.json()));
        } else if (condition instanceof Condition.ErrorText error) {
            return new Fragment(
                    "EXISTS (SELECT FROM unnest(errors) AS entry WHERE strpos(entry ->> 'error', ?) > 0)",
                    p -> p.text(error.text()));
        } else if (condition instanceof Condition.Moment moment) {
            return new Fragment(
                    moment.time().label() + " " + operator(moment.bound()) + " ?", p -> p.time(moment.instant()));
        }
        throw new AssertionError(condition);
    }

    private static String column(Condition.Field field) {
        return switch (field) {
            case ID -> "id";
            case QUEUE -> "queue";
            case WORKER -> "worker";
            case PRIORITY -> "priority";
            case ATTEMPT -> "attempt";
            case MAX_ATTEMPTS -> "max_attempts";
            case NODE -> "attempted_by[1]";
            case PRODUCER -> "attempted_by[2]";
            case ARGS -> "args";
            case META -> "meta";
        };
    }

    private static String operator(Condition.Bound bound) {
        return switch (bound) {
            case FROM -> ">=";
            case UNTIL -> "<";
            case AT -> "=";
        };
    }
}
