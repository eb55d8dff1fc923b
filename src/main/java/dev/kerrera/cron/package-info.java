/**
 * What a crontab's expression means: its grammar, and the instants it names in a time zone.
 *
 * <p>Imports no other room.
 *
 * <p>The grammar is Oban's. A field lists values, ranges and steps, and all five fields must match, day of the month <em>and</em>
 * weekday. What differs is how a change of the clocks is handled:
 *
 * <ul>
 *   <li>An expression whose hour field covers all 24 hours goes by elapsed time. It names every instant at which the local clock
 *       shows a minute that matches, so twice where an hour is repeated and not at all where it is skipped.
 *   <li>An expression that names hours goes by the day. A minute that is skipped is made up for at the first instant after the
 *       gap, once however many minutes were skipped. A minute that is repeated counts the first time only.
 * </ul>
 *
 * <p>Internal: no compatibility promise between releases.
 */
@NullMarked
package dev.kerrera.cron;

import org.jspecify.annotations.NullMarked;
