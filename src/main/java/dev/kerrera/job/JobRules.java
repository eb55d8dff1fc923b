package dev.kerrera.job;

import dev.kerrera.job.InvalidJobException.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What must hold for a new or changed job, checked rule by rule and reported all together. */
final class JobRules {
    /** One less than Oban's own validation allows, which the table then refuses. */
    private static final int LONGEST_NAME = 127;

    private static final int LOWEST_PRIORITY = 9;

    /** The years an ISO-8601 date spells with four digits; PostgreSQL reaches further, the other readers do not. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    static final String STORABLE_TIME = "must be in the years 1 to 9999";

    private static final Set<JobState> ENDS = EnumSet.of(JobState.COMPLETED, JobState.DISCARDED, JobState.CANCELLED);

    private final List<Problem> problems = new ArrayList<>();

    private JobRules() {}

    static JobDraft resolve(String worker, JobOptions options, Instant now) {
        String queue = Objects.requireNonNullElse(options.queue(), NewJob.DEFAULT_QUEUE);
        JsonText args = Objects.requireNonNullElse(options.args(), JsonText.EMPTY);
        JsonText meta = Objects.requireNonNullElse(options.meta(), JsonText.EMPTY);
        List<String> tags = Objects.requireNonNullElse(options.tags(), List.of());
        int priority = Objects.requireNonNullElse(options.priority(), NewJob.DEFAULT_PRIORITY);
        int maxAttempts = Objects.requireNonNullElse(options.maxAttempts(), NewJob.DEFAULT_MAX_ATTEMPTS);
        JobState state = options.beginning();

        JobRules rules = new JobRules();
        rules.name("worker", worker);
        args.check("args", rules.problems);
        meta.check("meta", rules.problems);
        rules.name("queue", queue);
        rules.tags(tags);
        rules.priority(priority);
        rules.maxAttempts(maxAttempts);
        Instant scheduledAt = options.start() == null ? null : rules.time(options.start(), now);
        rules.must(
                state != JobState.EXECUTING,
                "state",
                state.label(),
                "must not be executing: only a queue can run a job");
        ifGiven(options.unique(), unique -> rules.problems.addAll(unique.problems()));
        rules.report();
        return new JobDraft(
                state,
                queue,
                worker,
                args.text(),
                meta.text(),
                tags,
                priority,
                maxAttempts,
                scheduledAt,
                ENDS.contains(state) ? now.truncatedTo(ChronoUnit.MICROS) : null,
                options.uniqueness(now));
    }

    static JobRevision revise(
            @Nullable String worker, @Nullable String queue, @Nullable JsonText args, JobOptions options, Instant now) {
        JsonText meta = options.meta();
        JobRules rules = new JobRules();
        ifGiven(worker, name -> rules.name("worker", name));
        ifGiven(args, text -> text.check("args", rules.problems));
        ifGiven(meta, text -> text.check("meta", rules.problems));
        ifGiven(queue, name -> rules.name("queue", name));
        ifGiven(options.tags(), rules::tags);
        ifGiven(options.priority(), rules::priority);
        ifGiven(options.maxAttempts(), rules::maxAttempts);
        Instant scheduledAt = options.start() == null ? null : rules.time(options.start(), now);
        rules.report();
        return new JobRevision(
                worker,
                queue,
                args == null ? null : args.text(),
                meta == null ? null : meta.text(),
                options.tags(),
                options.priority(),
                options.maxAttempts(),
                scheduledAt);
    }

    /** Whether a moment is one that every reader of the table understands. */
    static boolean isStorable(Instant time) {
        return !time.isBefore(EARLIEST) && !time.isAfter(LATEST);
    }

    private static <T> void ifGiven(@Nullable T option, Consumer<T> rule) {
        if (option != null) {
            rule.accept(option);
        }
    }

    private void tags(List<String> tags) {
        tags.forEach(tag -> must(!Unstorable.in(tag), "tags", quoted(tag), Unstorable.REMEDY));
    }

    private void priority(int priority) {
        must(priority >= 0 && priority <= LOWEST_PRIORITY, "priority", priority, "must be 0 to 9");
    }

    private void maxAttempts(int maxAttempts) {
        must(maxAttempts > 0, "maxAttempts", maxAttempts, "must be > 0");
    }

    private void report() {
        if (!problems.isEmpty()) {
            throw new InvalidJobException(problems);
        }
    }

    private void name(String field, String name) {
        int length = name.codePointCount(0, name.length());
        must(
                length >= 1 && length <= LONGEST_NAME,
                field,
                quoted(name),
                "must be 1 to " + LONGEST_NAME + " characters");
        must(!Unstorable.in(name), field, quoted(name), Unstorable.REMEDY);
    }

    private @Nullable Instant time(UnaryOperator<Instant> start, Instant now) {
        try {
            Instant time = start.apply(now).truncatedTo(ChronoUnit.MICROS);
            must(isStorable(time), "scheduledAt", time, STORABLE_TIME);
            return time;
        } catch (DateTimeException | ArithmeticException beyond) {
            must(false, "scheduledAt", String.valueOf(beyond.getMessage()), STORABLE_TIME);
            return null;
        }
    }

    private void must(boolean holds, String field, Object value, String remedy) {
        if (!holds) {
            problems.add(new Problem(field, String.valueOf(value), remedy));
        }
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
