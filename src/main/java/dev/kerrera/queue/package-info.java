/**
 * Pulls jobs and runs them on managed threads; pauses, scales, starts, stops, kills and drains.
 *
 * <p>May import {@code task engine notifier worker telemetry job config}.
 *
 * <p>{@link dev.kerrera.queue.QueueScope}, {@link dev.kerrera.queue.QueueStart} and {@link dev.kerrera.queue.QueueStatus} belong
 * to {@link dev.kerrera.JobService}. The rest is internal: no compatibility promise between releases.
 *
 * <h2>Dispatch</h2>
 *
 * <pre>
 *  committed here ────┐
 *  message heard ─────┤             ┌ room? ─────────────────────────────────────┐
 *  poll found work ───┼─► nudge ──► │ give back what a lost answer left behind   │
 *  listener is back ──┤             │ fetch limit - running jobs                 │
 *  a job ended ───────┤             │ have them run on managed threads           │
 *  any signal heard ──┘             │                                            │
 *                                   └────────────────────────────────────────────┘
 * </pre>
 *
 * <p>A producer holds no thread while it has nothing to do. Nudges that come while it dispatches make it dispatch once more,
 * and only once. It fetches as many jobs as it has room for and never more, so no job waits inside a node while another node
 * is idle. The poll asks once for all queues that have room, not once for each, and not at all while the stager of this node tells them.
 *
 * <p>What costs is the statement, not the row. So while more jobs are known to wait than there is room for, a fetch waits a moment for
 * places to come together; and queues that want jobs at the same time share a statement. A queue that was found empty does neither:
 * news is followed at once, though not within a moment after the last fetch began, and the end of a job is only reason to look again
 * soon.
 *
 * <p>What also costs is to pass what was taken before: entries of the index stay until the table is vacuumed. So a fetch goes on in the
 * order of the queue where the last one ended; also after a job that the database does not let be taken, which is named in the log. After
 * news or after a fetch that found few it begins a little before, at most every 10 ms, or at the top, where that takes longer more
 * seldom, and once a second in any case. A job that comes to a place before the others may be taken that much later.
 *
 * <p>The thread that fetched goes on as the first that runs, while another follows further nudges. One more is called as long as runs
 * wait; each goes on with the next run when its own is over. If there are no more threads, runs wait for those there are.
 *
 * <p>With a cooldown the nudges that follow a dispatch too soon are held back and become one; the first after a quiet time is not.
 *
 * <p>A fetch can take jobs and lose the answer with the connection. Those rows carry the name of this producer and run
 * nowhere; the next dispatch gives them back, attempt included.
 *
 * <h2>A run</h2>
 *
 * <pre>
 *  fetched ► started ► args decoded, worker obtained ► performed ► judged ► settled ► reported
 *                                                                             │
 *                        database away: again and again, 100 ms to 13 s  ◄────┤
 *                        row not ours any more: JobFenced, nothing written ◄──┘
 * </pre>
 *
 * <p>Whatever the worker throws, whatever its args are, ends as a verdict on this job alone.
 *
 * <p>A run that ended well gives its place back at once, and its job is completed together with others: the thread that finds nobody
 * writing writes, and what ends meanwhile goes with the next statement; if its statement hangs, the poll sends another. Until that is
 * written the job is the producer's still: it is
 * not given back, a stop waits for it, and only so many may be unwritten, or no more are taken. That is how many a crash can
 * have run again. A statement that fails, or that meets a row somebody holds, leaves each of its results to be written by itself, and
 * beside the others.
 *
 * <h2>Fencing</h2>
 *
 * <p>A result is written only while the row is {@code executing} with the attempt, the owner and the moment it was fetched
 * with. The owner is the node and a number made anew at each start of the producer, so a node that comes back under its old
 * name does not pass for its former self. The moment tells two runs of one attempt apart, which a snooze or a release makes
 * possible; the fetch makes it grow even when clocks disagree. When a write is repeated because its answer was lost, finding
 * the row already as wanted counts as written.
 *
 * <h2>Completion in the worker's transaction</h2>
 *
 * <pre>
 *  begin ► performed ► judged ┬ ended as it wished ► settled, fenced ► commit ► reported
 *                             ├ failed, or cancelled ► rollback ► settled in a second transaction
 *                             └ row not ours any more ► rollback ► JobFenced
 * </pre>
 *
 * <p>The worker's writes and the end of its job are one commit, so they happen together and once. When the commit itself fails
 * its outcome may be unknown: the failure is recorded through the fence, which waits for the row's lock; if the commit did
 * reach the server the fence holds, the row is found completed, and that is what is reported.
 *
 * <h2>Ending a run before its time</h2>
 *
 * <pre>
 *  timeout ───────────────┐
 *  pkill ─► ask the table ├─► interrupt the worker ── grace ──► still there? ► JobStuck, settled without it,
 *  poll  ─► ask the table ┘   and raise its flag                               its place goes to another job
 * </pre>
 *
 * <p>A message says only where to look: a run is ended when the table says that its job was taken away. So a message that comes
 * late hits no later run of the same job, and one that is lost is made up for by the poll, which asks about every run that
 * lasts longer than a second. A worker that was interrupted still has its word if it ends well; otherwise a timeout
 * counts as a failed attempt, and a cancelled job gets Oban's note that its run was shut down.
 *
 * <p>A worker may ignore all this. Its thread cannot be taken from it, but its job and its place can: after the grace the job is
 * settled, what the worker returns later meets the fence, and the queue goes on. A queue lends at most as many places in
 * this way as it has; beyond that a place stays taken, with a warning, because every one of them is a thread.
 *
 * <h2>Life and death</h2>
 *
 * <p>The first heartbeat of a producer is written before it takes a job, so every owner in the table either has a row in
 * {@code kerrera_producers} or is not Kerrera's. An owner whose row has not been renewed for a while is dead, by the
 * database's clock alone, and the lifeline takes its jobs back; should it wake up after all, it finds itself fenced.
 *
 * <h2>Control</h2>
 *
 * <pre>
 *                                  ┌─ pause, resume, scale ─► the producers, at once, and those that are starting
 *  QueueControl ─► signal ─► Ears ─┼─ start, stop ──────────► the midwife, in turn for each queue, on a thread of its own
 *       │                          └─ pkill ────────────────► the custodian
 *       └─ lasting: kerrera_queues ─► when a producer starts, and as often as the heart beats
 * </pre>
 *
 * <p>Nothing that hears a signal blocks, because it runs on the listening thread. A message may come from any version of Oban; what
 * makes no sense is ignored and never throws. After every signal all queues look for jobs, whatever it said.
 *
 * <p>A producer keeps for its limit and its pause when either was last said, and obeys nothing older. A lasting order is applied when
 * it is news, and younger than that: its row has a moment for each of both, and ages are compared, one measured by the database and
 * one by this machine, so that clocks need not agree. So it counts once, a later signal is not undone, and what is heard twice, or
 * passed on twice to a producer that is starting, does no harm.
 *
 * <p>Of several lasting orders the narrower holds: a node's before everybody's, and a queue's before {@code *}. A broader one takes
 * back, in its own transaction, what narrower ones said of the same thing, so the narrower one is also the later, and a
 * restart finds a queue as it was left. Only for a node's {@code *} beside a queue's order for all nodes does that not hold, because
 * neither is the broader.
 *
 * <h2>Shutdown</h2>
 *
 * <ol>
 *   <li><em>Close.</em> Producers take no more jobs. The poll goes on until the end, because it looks after results that
 *       hang. What a fetch under way still takes is given back, also when it outlasts the grace.
 *   <li><em>Grace.</em> All queues together have {@code kerrera.shutdown-grace-period} to run out.
 *   <li><em>Interrupt.</em> What still runs is interrupted, and has two more seconds. A worker that ends well nevertheless
 *       has its job completed; after any other end the job is released: {@code available} again, the attempt given back, no
 *       error noted. Jobs that no thread has begun are released by one statement.
 *   <li><em>Report.</em> {@link dev.kerrera.telemetry.QueueStopped} names the orphans: jobs whose worker ignored the
 *       interrupt. Their rows stay {@code executing}. When a queue is stopped on a node that lives on, its producer goes on to give
 *       signs of life until they end, so that nobody takes them for orphans and runs them beside themselves.
 * </ol>
 *
 * <p>A released job is announced, so that another node need not wait for its poll. An orphan whose thread outlives the stop may
 * still write its result, once and through the same fence.
 */
@NullMarked
package dev.kerrera.queue;

import org.jspecify.annotations.NullMarked;
