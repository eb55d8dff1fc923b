package dev.kerrera;

/**
 * How a part of this node is.
 *
 * @param up whether it is as it should be
 * @param reason what there is, or what is missing
 */
public record NodeStatus(boolean up, String reason) {}
