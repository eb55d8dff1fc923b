package dev.kerrera.config;

import java.time.Duration;

/**
 * How jobs of dead owners are found.
 *
 * @param interval time between two signs of life of this node, in which it looks twice for those that give none
 * @param rescueAfter how long an owner must have been silent to count as dead
 * @param rescueUnknownAfter how long an owner that gives no signs at all may have a job
 * @param maxDeaths how many owners in a row a job may outlive before it is discarded as poison
 */
public record LifelineSettings(Duration interval, Duration rescueAfter, Duration rescueUnknownAfter, int maxDeaths) {

    /** How old a node's own last sign of life may be for it to take jobs: a sign may still fail before it counts as dead. */
    public Duration freshFor() {
        return rescueAfter.dividedBy(2);
    }
}
