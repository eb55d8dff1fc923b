/**
 * A small JDBC runner, transactions, retry budgets and the migrations.
 *
 * <p>May import {@code config}.
 *
 * <p>Internal: no compatibility promise between releases.
 */
@NullMarked
package dev.kerrera.db;

import org.jspecify.annotations.NullMarked;
