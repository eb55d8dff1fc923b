package dev.kerrera.config;

/**
 * What becomes of a job when its run has ended.
 *
 * @param deleteCompleted whether its row is deleted when it has completed, instead of being kept until it is pruned
 * @param durable whether a result is on the disk before it counts as written
 */
public record ResultSettings(boolean deleteCompleted, boolean durable) {}
