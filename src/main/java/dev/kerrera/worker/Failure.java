package dev.kerrera.worker;

import org.jspecify.annotations.Nullable;

/**
 * How an attempt failed. Immutable.
 *
 * @param error what is recorded in the job's errors
 * @param thrown what the worker threw; null when it returned {@link Outcome#error} or ran out of time
 */
public record Failure(String error, @Nullable Throwable thrown) {}
