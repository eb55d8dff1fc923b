/**
 * A test kit: assert on jobs, run one inline, drain, set the clock.
 *
 * <p>May import the roof and {@code queue insert engine worker telemetry job config}.
 *
 * <p>User API: it changes only as the changelog announces.
 */
@NullMarked
package dev.kerrera.testing;

import org.jspecify.annotations.NullMarked;
