/**
 * Pulls jobs and runs them on managed threads; pauses, scales, kills and drains.
 *
 * <p>May import {@code task engine notifier worker telemetry job config}.
 *
 * <p>Internal: no compatibility promise between releases.
 *
 * <h2>Dispatch</h2>
 *
 * <pre>
 *  committed here ────┐
 *  message heard ─────┤             ┌ room? ─────────────────────────────────────┐
 *  poll found work ───┼─► nudge ──► │ give back what a lost answer left behind   │
 *  listener is back ──┤             │ fetch limit - running jobs                 │
 *  a job ended ───────┘             │ start each on a managed thread             │
 *                                   └────────────────────────────────────────────┘
 * </pre>
 *
 * <p>A producer holds no thread while it has nothing to do. Nudges that come while it dispatches make it dispatch once more,
 * and only once. It fetches as many jobs as it has room for and never more, so no job waits inside a node while another node
 * is idle. The poll asks once for all queues that have room, not once for each.
 *
 * <p>A fetch can take jobs and lose the answer with the connection. Those rows carry the name of this producer and run
 * nowhere; the next dispatch gives them back, attempt included.
 *
 * <h2>A run</h2>
 *
 * <pre>
 *  fetched ► started ► args decoded, worker obtained ► performed ► judged ► settled ► reported
 *                                                                             │
 *                        database away: again and again, 100 ms to 102 s ◄────┤
 *                        row not ours any more: JobFenced, nothing written ◄──┘
 * </pre>
 *
 * <p>Whatever the worker throws, whatever its args are, ends as a verdict on this job alone. A result is fenced: it is
 * written only while the row is {@code executing} with the attempt and the owner it was fetched with. The owner is the node
 * and a number made anew at each start of the producer, so a node that comes back under its old name does not pass for its
 * former self. When a write is repeated because its answer was lost, finding the row already as wanted counts as written.
 *
 * <h2>Shutdown</h2>
 *
 * <ol>
 *   <li><em>Close.</em> Polling stops and producers take no more jobs. What a fetch under way still takes is given back, also
 *       when it outlasts the grace.
 *   <li><em>Grace.</em> All queues together have {@code kerrera.shutdown-grace-period} to run out.
 *   <li><em>Interrupt.</em> What still runs is interrupted, and has two more seconds. A worker that ends well nevertheless
 *       has its job completed; after any other end the job is released: {@code available} again, the attempt given back, no
 *       error noted. A job whose worker had not begun is released without it.
 *   <li><em>Report.</em> {@link dev.kerrera.telemetry.QueueStopped} names the orphans: jobs whose worker ignored the
 *       interrupt. Their rows stay {@code executing}.
 * </ol>
 *
 * <p>A released job is announced, so that another node need not wait for its poll. An orphan whose thread outlives the stop may
 * still write its result, once and through the same fence.
 */
@NullMarked
package dev.kerrera.queue;

import org.jspecify.annotations.NullMarked;
