package dev.kerrera.job;

import dev.kerrera.job.InvalidJobException.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What must hold for a new job, checked rule by rule and reported all together. */
final class JobRules {
    /** One less than Oban's own validation allows, which the table then refuses. */
    private static final int LONGEST_NAME = 127;

    private static final int LOWEST_PRIORITY = 9;

    /** The years an ISO-8601 date spells with four digits; PostgreSQL reaches further, the other readers do not. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private final List<Problem> problems = new ArrayList<>();

    private JobRules() {}

    static JobDraft resolve(String worker, JsonText args, JobOptions options, Instant now) {
        String queue = Objects.requireNonNullElse(options.queue(), NewJob.DEFAULT_QUEUE);
        JsonText meta = Objects.requireNonNullElse(options.meta(), JsonText.EMPTY);
        List<String> tags = Objects.requireNonNullElse(options.tags(), List.of());
        int priority = Objects.requireNonNullElse(options.priority(), NewJob.DEFAULT_PRIORITY);
        int maxAttempts = Objects.requireNonNullElse(options.maxAttempts(), NewJob.DEFAULT_MAX_ATTEMPTS);

        JobRules rules = new JobRules();
        rules.name("worker", worker);
        args.check("args", rules.problems);
        meta.check("meta", rules.problems);
        rules.name("queue", queue);
        tags.forEach(tag -> rules.must(!Unstorable.in(tag), "tags", quoted(tag), Unstorable.REMEDY));
        rules.must(priority >= 0 && priority <= LOWEST_PRIORITY, "priority", priority, "must be 0 to 9");
        rules.must(maxAttempts > 0, "maxAttempts", maxAttempts, "must be > 0");
        Instant scheduledAt = options.start() == null ? null : rules.time(options.start(), now);
        if (!rules.problems.isEmpty()) {
            throw new InvalidJobException(rules.problems);
        }
        JobState state = scheduledAt == null ? JobState.AVAILABLE : JobState.SCHEDULED;
        return new JobDraft(state, queue, worker, args.text(), meta.text(), tags, priority, maxAttempts, scheduledAt);
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
            must(
                    !time.isBefore(EARLIEST) && !time.isAfter(LATEST),
                    "scheduledAt",
                    time,
                    "must be in the years 1 to 9999");
            return time;
        } catch (DateTimeException | ArithmeticException beyond) {
            must(false, "scheduledAt", String.valueOf(beyond.getMessage()), "must be in the years 1 to 9999");
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
