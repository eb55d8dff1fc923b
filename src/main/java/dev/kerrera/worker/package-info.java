/**
 * The contract users implement, and finding workers by name.
 *
 * <p>May import {@code job config}.
 *
 * <p>User API: it changes only as the changelog announces.
 */
@NullMarked
package dev.kerrera.worker;

import org.jspecify.annotations.NullMarked;
