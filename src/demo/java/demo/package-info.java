/**
 * A small order desk: the shortest whole example of what Kerrera does.
 *
 * <p>An order and its receipt job are stored in one transaction, a worker sends the receipt and says so, and an observer hears it.
 */
@NullMarked
package demo;

import org.jspecify.annotations.NullMarked;
