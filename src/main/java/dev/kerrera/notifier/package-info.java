/**
 * Holds the LISTEN connection, publishes, relays notifications as qualified CDI events, knows the connectivity.
 *
 * <p>May import {@code task db telemetry config}.
 *
 * <p>The qualifiers and the notification type are user API; everything else is internal, without a compatibility promise.
 */
@NullMarked
package dev.kerrera.notifier;

import org.jspecify.annotations.NullMarked;
