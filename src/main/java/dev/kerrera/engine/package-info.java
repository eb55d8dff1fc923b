/**
 * Every SQL transition on {@code oban_jobs}, and the rows of {@code kerrera_producers} and {@code kerrera_queues}, which say who
 * works and how; nothing else.
 *
 * <p>May import {@code db telemetry job config}.
 *
 * <p>Internal: no compatibility promise between releases.
 */
@NullMarked
package dev.kerrera.engine;

import org.jspecify.annotations.NullMarked;
