package dev.kerrera.maintenance;

import dev.kerrera.config.CronEntrySettings;
import dev.kerrera.worker.CronLine;
import java.util.List;
import java.util.Optional;

/**
 * An entry of the crontab as somebody wrote it, not yet judged.
 *
 * @param name name of the entry
 * @param where where it was written, for messages
 * @param worker name of the worker; empty when none is named
 */
record CronDraft(
        String name,
        String where,
        Optional<String> worker,
        String expression,
        Optional<String> timezone,
        Optional<String> catchUp,
        Optional<String> args,
        Optional<String> meta,
        Optional<String> queue,
        Optional<Integer> maxAttempts,
        Optional<Integer> priority,
        Optional<List<String>> tags) {

    static CronDraft of(String worker, CronLine line) {
        return new CronDraft(
                line.name(),
                "@Cron(\"%s\") of %s".formatted(line.expression(), worker),
                Optional.of(worker),
                line.expression(),
                given(line.timezone()),
                given(line.catchUp()),
                given(line.args()),
                given(line.meta()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static CronDraft of(CronEntrySettings said) {
        return new CronDraft(
                said.name(),
                where(said),
                said.worker(),
                said.expression().orElse(""),
                said.timezone(),
                said.catchUp(),
                said.args(),
                said.meta(),
                said.queue(),
                said.maxAttempts(),
                said.priority(),
                said.tags());
    }

    /** What the configuration says goes before what an annotation says. */
    CronDraft changedBy(CronEntrySettings said) {
        return new CronDraft(
                name,
                where(said),
                said.worker().or(this::worker),
                said.expression().orElse(expression),
                said.timezone().or(this::timezone),
                said.catchUp().or(this::catchUp),
                said.args().or(this::args),
                said.meta().or(this::meta),
                said.queue().or(this::queue),
                said.maxAttempts().or(this::maxAttempts),
                said.priority().or(this::priority),
                said.tags().or(this::tags));
    }

    private static String where(CronEntrySettings said) {
        return "kerrera.cron.entries." + said.name();
    }

    /** An annotation cannot say nothing, so it says the empty text or the empty object. */
    private static Optional<String> given(String text) {
        return Optional.of(text).filter(said -> !said.isEmpty() && !said.equals("{}"));
    }
}
