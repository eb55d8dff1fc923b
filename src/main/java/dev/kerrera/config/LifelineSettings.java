package dev.kerrera.config;

import java.time.Duration;

/**
 * How jobs of dead owners are found.
 *
 * @param interval time between two signs of life of this node, and between two looks for those that give none
 * @param rescueAfter how long an owner must have been silent to count as dead
 * @param maxDeaths how many owners a job may outlive before it is discarded as poison
 */
public record LifelineSettings(Duration interval, Duration rescueAfter, int maxDeaths) {}
