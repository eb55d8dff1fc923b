package dev.kerrera.queue;

import dev.kerrera.engine.Owner;
import dev.kerrera.job.Job;
import dev.kerrera.task.ApplicationCode;
import java.util.function.BiFunction;

/**
 * What every run of a job needs.
 *
 * @param application calls workers
 * @param verdict judges how they ended
 * @param results writes it down and tells of it
 * @param completions writes down many at once that are done
 * @param watchdog sees to it that they end
 * @param progress keeps how far one run has come
 */
record Runs(
        ApplicationCode application,
        Verdict verdict,
        Results results,
        Completions completions,
        Watchdog watchdog,
        BiFunction<Job, Owner, Progress> progress) {}
