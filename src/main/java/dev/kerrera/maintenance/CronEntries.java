package dev.kerrera.maintenance;

import dev.kerrera.config.CronEntrySettings;
import dev.kerrera.config.CronSettings;
import dev.kerrera.config.Suggestions;
import dev.kerrera.worker.CronLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The entries of one instance's crontab, of its configuration and, for the main instance, of the annotations of workers; and what is
 * wrong with them.
 * Immutable and thread-safe.
 */
public final class CronEntries {

    private final List<CronEntry> entries;
    private final List<String> problems;
    private final Duration catchUpWithin;

    private CronEntries(List<CronEntry> entries, List<String> problems, Duration catchUpWithin) {
        this.entries = List.copyOf(entries);
        this.problems = List.copyOf(problems);
        this.catchUpWithin = catchUpWithin;
    }

    /**
     * Puts the entries together and judges them.
     *
     * @param settings what the configuration says; a crontab that is switched off has no entries and no problems
     * @param workers the workers of this application, and what their classes say of the crontab
     */
    public static CronEntries of(CronSettings settings, Map<String, List<CronLine>> workers) {
        List<String> problems = new ArrayList<>();
        List<CronEntry> entries = new ArrayList<>();
        if (settings.enabled()) {
            CronJudge judge = new CronJudge(settings, workers.keySet(), problems);
            for (CronDraft draft : drafts(settings.entries(), workers, problems)) {
                judge.judge(draft).ifPresent(entries::add);
            }
        }
        return new CronEntries(problems.isEmpty() ? entries : List.of(), problems, settings.catchUpWithin());
    }

    /**
     * As {@link #of}, for an instance that is not the main one: what classes say is the main one's.
     *
     * @param workers names of the workers of this application
     */
    public static CronEntries ofNamed(CronSettings settings, Collection<String> workers) {
        Map<String, List<CronLine>> silent = new TreeMap<>();
        workers.forEach(worker -> silent.put(worker, List.of()));
        return of(settings, silent);
    }

    /** What is wrong, one sentence each that names the entry, the mistake and the remedy. */
    public List<String> problems() {
        return problems;
    }

    /** The entries; none while there are problems. */
    List<CronEntry> entries() {
        return entries;
    }

    Duration catchUpWithin() {
        return catchUpWithin;
    }

    private static List<CronDraft> drafts(
            List<CronEntrySettings> settings, Map<String, List<CronLine>> workers, List<String> problems) {
        Map<String, CronDraft> drafts = new LinkedHashMap<>();
        workers.forEach((worker, lines) -> lines.forEach(line -> {
            CronDraft draft = CronDraft.of(worker, line);
            CronDraft twin = drafts.putIfAbsent(line.name(), draft);
            if (twin != null) {
                problems.add("%s and %s are both named '%s': give each @Cron a name of its own"
                        .formatted(twin.where(), draft.where(), line.name()));
            }
        }));
        for (CronEntrySettings said : settings) {
            String name =
                    drafts.keySet().stream().filter(said::means).findFirst().orElse(said.name());
            apply(said, name, drafts, problems);
        }
        return List.copyOf(drafts.values());
    }

    private static void apply(
            CronEntrySettings said, String name, Map<String, CronDraft> drafts, List<String> problems) {
        CronDraft annotated = drafts.get(name);
        if (annotated == null && said.expression().isEmpty()) {
            Optional<String> hint = Suggestions.nearest(name, drafts.keySet());
            problems.add("kerrera.cron.entries.%s has no expression, and no @Cron has that name: %s"
                    .formatted(
                            said.name(),
                            hint.map(nearest -> "did you mean " + nearest + "?").orElse("give it one")));
        } else if (!said.enabled()) {
            drafts.remove(name);
        } else if (annotated == null) {
            drafts.put(name, CronDraft.of(said));
        } else {
            drafts.put(name, annotated.changedBy(said));
        }
    }
}
