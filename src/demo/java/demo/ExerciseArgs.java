package demo;

import org.jspecify.annotations.Nullable;

/**
 * What the exercise is to do.
 *
 * @param action one of ok, error, cancel, discard, snooze, sleep, throw
 * @param ms how long to sleep
 * @param seconds how long to snooze
 */
public record ExerciseArgs(
        @Nullable String action,
        @Nullable Integer ms,
        @Nullable Integer seconds) {}
