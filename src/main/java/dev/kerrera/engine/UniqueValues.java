package dev.kerrera.engine;

import dev.kerrera.job.JobDraft;
import dev.kerrera.job.JobJson;
import dev.kerrera.job.Unique;
import dev.kerrera.job.UniqueRule;
import dev.kerrera.job.Uniqueness;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.spi.JsonProvider;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a job is compared by: its values of the rule's fields, args and metadata reduced to the rule's keys. Null where the rule
 * does not compare.
 */
record UniqueValues(
        UniqueRule rule,
        @Nullable JsonObject args,
        @Nullable JsonObject meta,
        @Nullable String queue,
        @Nullable String worker) {

    private static final JsonProvider JSON = JsonProvider.provider();

    static UniqueValues of(JobDraft draft) {
        Uniqueness uniqueness = Objects.requireNonNull(draft.uniqueness(), "the job has no rule of uniqueness");
        UniqueRule rule = uniqueness.rule();
        return new UniqueValues(
                rule,
                rule.fields().contains(Unique.Field.ARGS) ? reduced(draft.argsJson(), rule.keys()) : null,
                rule.fields().contains(Unique.Field.META) ? reduced(draft.metaJson(), rule.keys()) : null,
                rule.fields().contains(Unique.Field.QUEUE) ? draft.queue() : null,
                rule.fields().contains(Unique.Field.WORKER) ? draft.worker() : null);
    }

    private static JsonObject reduced(String json, List<String> keys) {
        JsonObject whole = JobJson.object(json);
        if (keys.isEmpty()) {
            return whole;
        }
        JsonObjectBuilder reduced = JSON.createObjectBuilder();
        keys.stream().filter(whole::containsKey).forEach(key -> reduced.add(key, whole.get(key)));
        return reduced.build();
    }
}
