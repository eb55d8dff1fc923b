/**
 * Tells Oban Web about this node, as Oban.Met does on Elixir nodes.
 *
 * <p>May import {@code task queue peer engine notifier telemetry job config}.
 *
 * <p>Internal: no compatibility promise between releases.
 *
 * <h2>What is sent</h2>
 *
 * <table>
 *   <caption>All of it by {@code Reporter}, which turns once a second</caption>
 *   <tr><th>channel</th><th>what</th><th>how often</th></tr>
 *   <tr><td>{@code gossip}</td><td>a check of each queue of this node, unless it has none</td><td>each second</td></tr>
 *   <tr><td>{@code metrics}</td><td>runs that ended since the last time, how long they took and how long they had waited</td>
 *       <td>each second, also when there were none</td></tr>
 *   <tr><td>{@code metrics}</td><td>on the leader: how many jobs there are by state and queue</td>
 *       <td>each second; counted anew so seldom that counting takes a twentieth of the time at most</td></tr>
 *   <tr><td>{@code cronitor}</td><td>the crontab</td><td>every 15 seconds</td></tr>
 * </table>
 *
 * <p>Oban Web looks for counts of the last two seconds, so they are sent again and again whether or not they were counted anew. It adds
 * up what one node sends for one second, so nothing is sent twice in a second of the clock.
 *
 * <p>What is larger than a notification can be is split: checks and metrics are lists.
 *
 * <h2>When it is sent</h2>
 *
 * <p>With {@code kerrera.met.mode=auto} only while somebody is there to look at it: a node that sent metrics within the last minute and
 * is none of Kerrera's. Oban.Met sends metrics each second, even when there are none. Kerrera's own carry {@code "ident":"any"},
 * which every node takes for "to everybody" and no Elixir node writes on this channel; whatever carries an {@code ident} is therefore
 * no reason to begin, nor to go on. So nodes of Kerrera's cannot keep each other awake, and none has to know the others.
 */
@NullMarked
package dev.kerrera.met;

import org.jspecify.annotations.NullMarked;
