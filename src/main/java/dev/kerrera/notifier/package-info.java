/**
 * Holds the LISTEN connection, publishes, relays notifications as qualified CDI events, knows the connectivity.
 *
 * <p>May import {@code task db telemetry config}.
 *
 * <p>The qualifiers and the notification type are user API; everything else is internal, without a compatibility promise.
 *
 * <h2>Hearing</h2>
 *
 * <p>One connection, outside every pool, does nothing but wait. {@code ListenLoop} owns it.
 *
 * <pre>
 *                 opened, LISTEN sent for every channel, sweep
 *  STOPPED ──► DISCONNECTED ─────────────────────────────► LISTENING ──┐
 *   start         ▲  │  ▲                                             │ any failure, or 30 s of quiet
 *                 │  │  │ fails: wait 100 ms, 200 ms, … 30 s          │ and then no answer within 5 s
 *                 │  └──┘                                             │
 *                 └───────────────────────────────────────────────────┘
 *  stop leads from any state to STOPPED; with kerrera.notifier.mode=poll the state is POLLING throughout
 * </pre>
 *
 * <p>A wait is jittered by a tenth, so that nodes do not come back all at once, and begins at 100 ms again after every
 * success. A connection that a firewall dropped without a word looks like a quiet one; that is why quiet is questioned.
 *
 * <p>The sweep comes after LISTEN and never before it: a job committed earlier is in the table by then, a job committed later
 * is heard. So each return wakes every queue once, and nothing falls between the two. A switch to LISTENING or away from it
 * is told as {@link dev.kerrera.telemetry.NotifierSwitched}.
 *
 * <p>What is heard is decoded once. What is no JSON object, or is addressed to another node by its {@code ident}, goes no
 * further. Kerrera's own rooms are called on the listening thread and must not block it. The application's observers are
 * called one message after another by {@code Relay} on another thread, so a slow observer delays its fellows and nothing
 * else.
 *
 * <h2>Telling</h2>
 *
 * <p>An announcement waits for the commit of its transaction, and a rollback drops it. Then the queue of this node is woken
 * by a method call, and {@code Publisher} sends NOTIFY on a second connection of its own: the first message at once, what
 * comes meanwhile or within {@code kerrera.notifier.debounce} together in the next statement. An announcement equal to one
 * that still waits is not sent twice; a message that an application publishes twice is.
 *
 * <p>With {@code kerrera.notifier.transactional=true} NOTIFY is part of the caller's transaction instead.
 *
 * <h2>What is lost, and what finds it</h2>
 *
 * <table>
 *   <caption>Nothing that must happen hangs on a message</caption>
 *   <tr><th>lost</th><th>found by</th></tr>
 *   <tr><td>a wake-up sent while this node was not listening</td><td>the sweep, and the poll before it</td></tr>
 *   <tr><td>a wake-up of a node that died between commit and NOTIFY</td><td>the poll of any node that works the queue</td></tr>
 *   <tr><td>a wake-up given up after five attempts to send it</td><td>the same poll</td></tr>
 *   <tr><td>an application's own message, in any of these cases</td><td>nobody</td></tr>
 *   <tr><td>any message behind 10,000 that wait to be sent or to be observed</td><td>jobs by the poll, messages by nobody</td></tr>
 * </table>
 */
@NullMarked
package dev.kerrera.notifier;

import org.jspecify.annotations.NullMarked;
