/**
 * Upkeep run by the leader: stager, pruner, rescuer, reindexer, cron.
 *
 * <p>May import {@code task peer insert engine notifier worker db telemetry job config}.
 *
 * <p>Internal: no compatibility promise between releases.
 */
@NullMarked
package dev.kerrera.maintenance;

import org.jspecify.annotations.NullMarked;
