package dev.kerrera.job;

import dev.kerrera.job.InvalidJobException.Problem;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parts of a rule of uniqueness; null where nothing was said. */
record UniqueParts(
        @Nullable Set<Unique.Field> fields,
        @Nullable List<String> keys,
        @Nullable Duration period,
        @Nullable Set<JobState> states,
        Unique.@Nullable Timestamp timestamp) {

    static final UniqueParts UNSAID = new UniqueParts(null, null, null, null, null);

    static final UniqueParts DEFAULTS = new UniqueParts(
            set(Unique.Field.class, List.of(Unique.Field.ARGS, Unique.Field.QUEUE, Unique.Field.WORKER)),
            List.of(),
            Duration.ofSeconds(60),
            JobState.successful(),
            Unique.Timestamp.INSERTED_AT);

    UniqueParts withFields(Set<Unique.Field> value) {
        return new UniqueParts(value, keys, period, states, timestamp);
    }

    UniqueParts withKeys(List<String> value) {
        return new UniqueParts(fields, value, period, states, timestamp);
    }

    UniqueParts withPeriod(Duration value) {
        return new UniqueParts(fields, keys, value, states, timestamp);
    }

    UniqueParts withStates(Set<JobState> value) {
        return new UniqueParts(fields, keys, period, value, timestamp);
    }

    UniqueParts withTimestamp(Unique.Timestamp value) {
        return new UniqueParts(fields, keys, period, states, value);
    }

    UniqueParts over(UniqueParts other) {
        return new UniqueParts(
                fields == null ? other.fields : fields,
                keys == null ? other.keys : keys,
                period == null ? other.period : period,
                states == null ? other.states : states,
                timestamp == null ? other.timestamp : timestamp);
    }

    Whole orDefaults() {
        UniqueParts all = over(DEFAULTS);
        return new Whole(
                Objects.requireNonNull(all.fields),
                Objects.requireNonNull(all.keys),
                Objects.requireNonNull(all.period),
                Objects.requireNonNull(all.states),
                Objects.requireNonNull(all.timestamp));
    }

    static <E extends Enum<E>> Set<E> set(Class<E> type, Collection<E> elements) {
        EnumSet<E> set = EnumSet.noneOf(type);
        set.addAll(elements);
        return Collections.unmodifiableSet(set);
    }

    /** Every part decided. */
    record Whole(
            Set<Unique.Field> fields,
            List<String> keys,
            Duration period,
            Set<JobState> states,
            Unique.Timestamp timestamp) {

        List<Problem> problems() {
            List<Problem> problems = new ArrayList<>();
            if (fields.isEmpty()) {
                problems.add(problem("fields must name at least one of ARGS, META, QUEUE and WORKER", fields));
            } else if (!keys.isEmpty() && !comparesJson()) {
                problems.add(problem("keys are keys of args or meta: add ARGS or META to the fields", fields));
            }
            if (keys.stream().anyMatch(String::isBlank)) {
                problems.add(problem("keys must not be blank", keys));
            }
            if (period.isZero() || period.isNegative()) {
                problems.add(problem("period must be > 0", period));
            }
            if (states.isEmpty()) {
                problems.add(problem("states must name at least one", states));
            }
            return problems;
        }

        UniqueRule rule(Instant now) {
            return new UniqueRule(fields, keys.stream().distinct().sorted().toList(), since(now), states, timestamp);
        }

        private boolean comparesJson() {
            return fields.contains(Unique.Field.ARGS) || fields.contains(Unique.Field.META);
        }

        private @Nullable Instant since(Instant now) {
            try {
                Instant since = now.truncatedTo(ChronoUnit.MICROS).minus(period).truncatedTo(ChronoUnit.MICROS);
                return JobRules.isStorable(since) ? since : null;
            } catch (DateTimeException | ArithmeticException beforeAllTime) {
                return null;
            }
        }

        private static Problem problem(String remedy, Object value) {
            return new Problem("unique", String.valueOf(value), remedy);
        }
    }
}
