package dev.kerrera.maintenance;

import dev.kerrera.config.CatchUp;
import dev.kerrera.config.CronSettings;
import dev.kerrera.config.Suggestions;
import dev.kerrera.config.Zones;
import dev.kerrera.cron.CronExpression;
import dev.kerrera.cron.CronSyntaxException;
import dev.kerrera.job.InvalidJobException;
import dev.kerrera.job.JobJson;
import dev.kerrera.job.JobJsonException;
import dev.kerrera.job.NewJob;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes entries of drafts, and notes what is wrong with them. */
final class CronJudge {

    private static final int LONGEST_NAME = 127;

    /** What an entry that is none is made of, so that all its mistakes are found at once. */
    private static final CronExpression NEVER = CronExpression.parse("@reboot");

    private final CronSettings settings;
    private final Set<String> workers;
    private final List<String> problems;

    CronJudge(CronSettings settings, Set<String> workers, List<String> problems) {
        this.settings = settings;
        this.workers = workers;
        this.problems = problems;
    }

    /** The entry, if nothing is wrong with it. */
    Optional<CronEntry> judge(CronDraft draft) {
        int before = problems.size();
        name(draft);
        Schedule schedule = new Schedule(draft.name(), expression(draft), zone(draft));
        JsonObject args = json(draft, "args", draft.args());
        JsonObject meta = json(draft, "meta", draft.meta());
        CronEntry entry = new CronEntry(
                schedule, catchUp(draft), job(draft, worker(draft), args), meta, options(draft, args, meta));
        if (problems.size() == before) {
            storable(draft, entry);
        }
        return problems.size() == before ? Optional.of(entry) : Optional.empty();
    }

    private void name(CronDraft draft) {
        int length = draft.name().codePointCount(0, draft.name().length());
        if (draft.name().isBlank() || length > LONGEST_NAME || draft.name().startsWith("$")) {
            problems.add("%s has the name '%s': a cron entry's name has 1 to 127 characters and does not begin with $"
                    .formatted(draft.where(), draft.name()));
        }
    }

    private CronExpression expression(CronDraft draft) {
        try {
            return CronExpression.parse(draft.expression());
        } catch (CronSyntaxException unreadable) {
            problems.add("%s has the expression '%s': %s"
                    .formatted(draft.where(), draft.expression(), unreadable.getMessage()));
            return NEVER;
        }
    }

    private ZoneId zone(CronDraft draft) {
        return draft.timezone()
                .map(name -> Zones.find(name).orElseGet(() -> {
                    problems.add("%s has the timezone '%s': it %s".formatted(draft.where(), name, Zones.remedy(name)));
                    return ZoneOffset.UTC;
                }))
                .orElse(settings.timezone());
    }

    private CatchUp catchUp(CronDraft draft) {
        return draft.catchUp()
                .map(text -> CatchUp.parse(text).orElseGet(() -> {
                    problems.add("%s has the catch-up '%s': it %s".formatted(draft.where(), text, CatchUp.REMEDY));
                    return settings.catchUp();
                }))
                .orElse(settings.catchUp());
    }

    private JsonObject json(CronDraft draft, String part, Optional<String> text) {
        try {
            return text.map(JobJson::object).orElse(JsonValue.EMPTY_JSON_OBJECT);
        } catch (JobJsonException unreadable) {
            problems.add("%s has the %s '%s': they must be a JSON object such as {\"id\": 7} (%s)"
                    .formatted(draft.where(), part, text.orElse(""), unreadable.getMessage()));
            return JsonValue.EMPTY_JSON_OBJECT;
        }
    }

    private String worker(CronDraft draft) {
        String worker = NewJob.of(draft.worker().orElse("")).worker();
        if (worker.isEmpty()) {
            problems.add("%s names no worker: name one of %s".formatted(draft.where(), workers));
        } else if (!workers.contains(worker) && draft.queue().isEmpty()) {
            problems.add(
                    "%s names the worker '%s', which this application does not have: %sname one of %s, or the queue of the nodes that have it"
                            .formatted(
                                    draft.where(),
                                    worker,
                                    Suggestions.nearest(worker, workers)
                                            .map(nearest -> "did you mean " + nearest + "? Otherwise ")
                                            .orElse(""),
                                    workers));
        }
        return worker;
    }

    private static NewJob job(CronDraft draft, String worker, JsonObject args) {
        return NewJob.of(worker, args)
                .queue(draft.queue().orElse(null))
                .maxAttempts(draft.maxAttempts().orElse(null))
                .priority(draft.priority().orElse(null))
                .tags(draft.tags().orElse(null));
    }

    private static JsonObject options(CronDraft draft, JsonObject args, JsonObject meta) {
        JsonObjectBuilder options = Json.createObjectBuilder();
        draft.args().ifPresent(given -> options.add("args", args));
        draft.meta().ifPresent(given -> options.add("meta", meta));
        draft.queue().ifPresent(queue -> options.add("queue", queue));
        draft.maxAttempts().ifPresent(attempts -> options.add("max_attempts", attempts));
        draft.priority().ifPresent(priority -> options.add("priority", priority));
        draft.tags().ifPresent(tags -> options.add("tags", Json.createArrayBuilder(tags)));
        draft.timezone().ifPresent(zone -> options.add("timezone", zone));
        return options.build();
    }

    /** What an insert would refuse is refused now. */
    private void storable(CronDraft draft, CronEntry entry) {
        try {
            entry.jobAt(Instant.EPOCH).resolve(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
        } catch (InvalidJobException invalid) {
            invalid.problems()
                    .forEach(problem -> problems.add("%s makes jobs whose %s".formatted(draft.where(), problem)));
        }
    }
}
