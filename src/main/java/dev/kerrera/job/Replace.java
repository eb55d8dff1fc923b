package dev.kerrera.job;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a new job changes in the stored job that it is the same as, by the state of the stored job. Oban: the option {@code
 * replace}. Without {@link Unique} it has no effect.
 *
 * <pre>{@code
 * NewJob.of("report", args).unique(Unique.forever()).replace(Replace.when(SCHEDULED, SCHEDULED_AT, PRIORITY))
 * }</pre>
 *
 * <p>Only what the new job says replaces anything: the worker's name, what was given to {@link NewJob}, and its worker's defaults
 * where they differ from the general ones. The state is never replaced: a scheduled job whose time is replaced stays
 * scheduled, and an available one is not put back. A stored job keeps at least the attempts it has begun, and one more while it
 * waits for a run.
 *
 * <p>A job's own value takes the place of its worker's as a whole; {@code Replace.of()} switches the worker's off. Immutable
 * and thread-safe.
 */
public final class Replace {

    /** What can be replaced. */
    public enum Field {
        /** The arguments, as a whole. */
        ARGS,
        /** How many attempts in all. */
        MAX_ATTEMPTS,
        /** The metadata, as a whole. */
        META,
        /** The rank in the queue. */
        PRIORITY,
        /** The queue. */
        QUEUE,
        /** The moment from which it may run. */
        SCHEDULED_AT,
        /** The tags, as a whole. */
        TAGS,
        /** The worker. */
        WORKER
    }

    private final Map<JobState, Set<Field>> byState;

    private Replace(Map<JobState, Set<Field>> byState) {
        this.byState = byState;
    }

    /** These fields, whatever the state of the stored job. Oban: a flat list, and {@code replace_args: true}. */
    public static Replace of(Field... fields) {
        Replace replace = new Replace(Map.of());
        for (JobState state : JobState.values()) {
            replace = replace.andWhen(state, fields);
        }
        return replace;
    }

    /** These fields when the stored job is in that state, and nothing in other states. */
    public static Replace when(JobState state, Field... fields) {
        return new Replace(Map.of()).andWhen(state, fields);
    }

    /** These fields too, when the stored job is in that state. */
    public Replace andWhen(JobState state, Field... fields) {
        return with(state, Arrays.asList(fields));
    }

    private Replace with(JobState state, Collection<Field> fields) {
        EnumMap<JobState, Set<Field>> changed = new EnumMap<>(JobState.class);
        changed.putAll(byState);
        EnumSet<Field> all = EnumSet.noneOf(Field.class);
        all.addAll(byState.getOrDefault(state, Set.of()));
        all.addAll(fields);
        changed.put(state, all);
        changed.values().removeIf(Set::isEmpty);
        return new Replace(changed);
    }

    /** For each field to be replaced the states in which it is; without the fields of which nothing is said. */
    Map<Field, Set<JobState>> statesOf(Set<Field> said) {
        Map<Field, Set<JobState>> states = new EnumMap<>(Field.class);
        byState.forEach((state, fields) -> fields.stream()
                .filter(said::contains)
                .forEach(field -> states.computeIfAbsent(field, any -> EnumSet.noneOf(JobState.class))
                        .add(state)));
        return states;
    }

    /** By what is replaced. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Replace replace && byState.equals(replace.byState);
    }

    /** By what is replaced. */
    @Override
    public int hashCode() {
        return byState.hashCode();
    }

    /** What is replaced, by state. */
    @Override
    public String toString() {
        return "Replace" + byState;
    }
}
