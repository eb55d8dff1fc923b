/**
 * How work runs on a thread of Kerrera's: when nudged or at an interval, patiently, and with application code in its
 * request scope.
 *
 * <p>May import nothing of Kerrera.
 *
 * <p>Internal: no compatibility promise between releases.
 */
@NullMarked
package dev.kerrera.task;

import org.jspecify.annotations.NullMarked;
