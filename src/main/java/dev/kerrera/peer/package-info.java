/**
 * Who leads: the lease row and the trust window.
 *
 * <p>May import {@code task notifier db telemetry config}.
 *
 * <p>Internal: no compatibility promise between releases.
 */
@NullMarked
package dev.kerrera.peer;

import org.jspecify.annotations.NullMarked;
