package dev.kerrera.config;

import java.time.Duration;

/**
 * How a leader is found.
 *
 * @param enabled whether this node stands for election
 * @param interval time between two elections, or two renewals
 * @param lease how long a lease lasts from its renewal
 */
public record PeerSettings(boolean enabled, Duration interval, Duration lease) {

    /** How long a leader trusts its lease: the statement that renewed it took time, and so does what it does as a leader. */
    public Duration trust() {
        return lease.multipliedBy(3).dividedBy(4);
    }
}
