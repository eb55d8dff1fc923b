/**
 * The operators' door: REST, console, health.
 *
 * <p>May import the roof and {@code task queue peer notifier telemetry job config}.
 *
 * <p>Internal: no compatibility promise between releases.
 */
@NullMarked
package dev.kerrera.admin;

import org.jspecify.annotations.NullMarked;
