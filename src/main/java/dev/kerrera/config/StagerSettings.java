package dev.kerrera.config;

import java.time.Duration;

/**
 * How due jobs become available.
 *
 * @param interval time between two runs
 * @param limit most jobs moved by one statement
 */
public record StagerSettings(Duration interval, int limit) {}
