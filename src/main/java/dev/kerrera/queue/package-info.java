/**
 * Pulls jobs and runs them on managed threads; pauses, scales, kills and drains.
 *
 * <p>May import {@code task engine notifier worker telemetry job config}.
 *
 * <p>Internal: no compatibility promise between releases.
 */
@NullMarked
package dev.kerrera.queue;

import org.jspecify.annotations.NullMarked;
