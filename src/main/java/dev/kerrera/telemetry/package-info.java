/**
 * Names what happened and tells observers, metrics and traces.
 *
 * <p>May import {@code task job config}.
 *
 * <p>The event records are user API; everything else is internal, without a compatibility promise.
 */
@NullMarked
package dev.kerrera.telemetry;

import org.jspecify.annotations.NullMarked;
