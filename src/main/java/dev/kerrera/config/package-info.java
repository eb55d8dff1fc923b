/**
 * Reads, defaults and validates the settings once; provides the {@link java.time.Clock}.
 *
 * <p>Imports no other room.
 *
 * <p>Internal: no compatibility promise between releases.
 */
@NullMarked
package dev.kerrera.config;

import org.jspecify.annotations.NullMarked;
