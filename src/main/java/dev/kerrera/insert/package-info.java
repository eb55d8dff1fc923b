/**
 * Puts jobs in: defaults, uniqueness, replacement, bulk; wakes queues once the transaction has committed.
 *
 * <p>May import {@code engine notifier worker db telemetry job config}.
 *
 * <p>Internal: no compatibility promise between releases.
 */
@NullMarked
package dev.kerrera.insert;

import org.jspecify.annotations.NullMarked;
