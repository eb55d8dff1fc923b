/**
 * The façade, and the order in which the rooms below start and stop.
 *
 * <p>May import every room below it: {@code job config task db telemetry worker engine notifier peer insert queue maintenance}.
 *
 * <p>User API: it changes only as the changelog announces.
 */
@NullMarked
package dev.kerrera;

import org.jspecify.annotations.NullMarked;
