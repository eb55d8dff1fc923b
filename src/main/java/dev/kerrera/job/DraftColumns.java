package dev.kerrera.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A new job by the names of the columns, as its row will be, without what is left to the database. */
final class DraftColumns {

    private final Map<String, Object> columns = new LinkedHashMap<>();

    private DraftColumns() {}

    static Map<String, Object> of(JobDraft draft, boolean withPriority) {
        DraftColumns all = new DraftColumns();
        all.put("state", draft.state().label());
        all.put("queue", draft.queue());
        all.put("worker", draft.worker());
        all.put("args", JobJson.object(draft.argsJson()));
        all.put("meta", JobJson.object(draft.metaJson()));
        all.put("tags", draft.tags());
        all.put("errors", List.of());
        all.put("attempt", 0);
        all.put("max_attempts", draft.maxAttempts());
        all.put("priority", withPriority ? draft.priority() : null);
        all.put("scheduled_at", draft.scheduledAt());
        all.put("completed_at", draft.endedAs(JobState.COMPLETED));
        all.put("discarded_at", draft.endedAs(JobState.DISCARDED));
        all.put("cancelled_at", draft.endedAs(JobState.CANCELLED));
        return Collections.unmodifiableMap(all.columns);
    }

    private void put(String column, @Nullable Object value) {
        if (value != null) {
            columns.put(column, value);
        }
    }
}
