/**
 * Who leads: one node among those of an instance name, by a lease in {@code oban_peers}.
 *
 * <p>May import {@code task notifier db telemetry config}.
 *
 * <p>Internal: no compatibility promise between releases.
 *
 * <h2>A lease</h2>
 *
 * <pre>
 *            nobody has it, or it has run out ► taken
 *  follower ────────────────────────────────────────────► leader ──┐ renewed every interval
 *     ▲                                                     │  ▲───┘
 *     │  trust is used up, the row is somebody else's, stop │
 *     └─────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>The row carries the name of the instances, the node, and two moments of the database's clock: when the lease began and
 * when it runs out. It is renewed only by whoever began it. Everybody stands for election at an interval, and at once when a
 * leader that resigns says so; so a leader that stops is followed within a moment, one that dies when its lease has run out.
 *
 * <h2>Trust</h2>
 *
 * <p>A leader may stand still, for a long collection or on a suspended machine, and wake up when another one leads. So it trusts
 * its lease for less time than the lease lasts, counted from before it asked, by the clock of the machine that never goes
 * back; when trust is used up it is no leader, whatever it believed before. What a leader does is asked of {@link
 * dev.kerrera.peer.Peer#leads} each time, and harmless if it is done twice, because between the question and the act it may
 * stand still again.
 */
@NullMarked
package dev.kerrera.peer;

import org.jspecify.annotations.NullMarked;
