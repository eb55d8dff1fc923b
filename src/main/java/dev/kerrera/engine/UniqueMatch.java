package dev.kerrera.engine;

import dev.kerrera.db.Jdbc.Binder;
import dev.kerrera.db.Parameters;
import dev.kerrera.job.JobState;
import dev.kerrera.job.Unique;
import dev.kerrera.job.UniqueRule;
import jakarta.json.JsonObject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The condition that finds the stored jobs a new one is the same as. Jobs of one rule have one text. */
final class UniqueMatch {

    private final List<String> conditions = new ArrayList<>();
    private final List<Binder> binders = new ArrayList<>();

    private UniqueMatch() {}

    static UniqueMatch of(UniqueValues values) {
        UniqueMatch match = new UniqueMatch();
        UniqueRule rule = values.rule();
        match.and("state IN (" + labels(rule.states()) + ")");
        Instant since = rule.since();
        if (since != null) {
            String column = rule.timestamp() == Unique.Timestamp.INSERTED_AT ? "inserted_at" : "scheduled_at";
            match.and(column + " >= ?::timestamp", p -> p.time(since));
        }
        if (values.worker() != null) {
            match.and("worker = ?", p -> p.text(values.worker()));
        }
        if (values.queue() != null) {
            match.and("queue = ?", p -> p.text(values.queue()));
        }
        if (values.args() != null) {
            match.and("args", values.args(), rule.keys());
        }
        if (values.meta() != null) {
            match.and("meta", values.meta(), rule.keys());
        }
        return match;
    }

    /** The states as SQL literals. */
    static String labels(Collection<JobState> states) {
        return states.stream().map(state -> "'" + state.label() + "'").collect(Collectors.joining(", "));
    }

    String condition() {
        return String.join(" AND ", conditions);
    }

    Parameters bind(Parameters parameters) throws SQLException {
        for (Binder binder : binders) {
            binder.bind(parameters);
        }
        return parameters;
    }

    /** Everything contains the empty object, so when there is nothing to compare only an empty one is the same. */
    private void and(String column, JsonObject value, List<String> keys) {
        String json = value.toString();
        if (value.isEmpty()) {
            and(column + " <@ '{}'");
        } else if (keys.isEmpty()) {
            and(
                    column + " @> ?::jsonb AND " + column + " <@ ?::jsonb",
                    p -> p.text(json).text(json));
        } else {
            and(column + " @> ?::jsonb", p -> p.text(json));
        }
    }

    private void and(String condition, Binder binder) {
        and(condition);
        binders.add(binder);
    }

    private void and(String condition) {
        conditions.add(condition);
    }
}
