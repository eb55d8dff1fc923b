/**
 * Holds the LISTEN connection, publishes, relays notifications as qualified CDI events, knows the connectivity.
 *
 * <p>May import {@code task db telemetry config}.
 *
 * <p>The qualifiers, {@code Notification} and {@code Subscription} are user API; everything else is internal, without a compatibility
 * promise.
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
 * <h2>Listeners that come and go</h2>
 *
 * <p>The channels that Kerrera's rooms and the application's observers name are listened to from the start. Others come and go with
 * {@code JobService.listen}: {@code Channels} counts who wants which, and the loop, between two looks at its connection, sends LISTEN for
 * what is wanted and not yet heard and UNLISTEN for the opposite. It does so itself because the connection is busy waiting, up to half a
 * second, whoever else would use it. {@code listen} waits for the server's answer, two seconds at most, and not at all without a
 * connection. A new connection begins with all that is wanted then.
 *
 * <p>Listeners are called by {@code Relay} after the observers, so what is said above of slow ones holds for both together.
 *
 * <h2>Own messages</h2>
 *
 * <p>What this node says on {@code insert} and {@code signal} its own queues are told by a method call, right after the commit and also
 * while nothing is heard. The message then comes back over the server. It is recognised by the backend that sent it, and goes to the
 * application only. With {@code kerrera.notifier.transactional=true} the backend is one of the pool, which a pooler may lend to others
 * as well, so there {@code Echoes} compares the text too.
 *
 * <h2>Sonar</h2>
 *
 * <p>A listening connection proves that the server answers, not that messages arrive: behind a pooler that pools transactions LISTEN
 * succeeds and nothing ever comes. So each node pings on {@code sonar}, and hears its own ping as well as those of others.
 *
 * <pre>
 *                    own ping                 a ping of another
 *   UNKNOWN ───────────────────────► SOLITARY ◄────────────────► CLUSTERED
 *      │                               ▲  │   120 s without it        │
 *      │ 5 s and nothing      own ping │  │ 120 s without any         │ 120 s without any
 *      └───────────────────────► ISOLATED ◄───────────────────────────┘
 * </pre>
 *
 * <p>The first ping is sent at the start, and one more whenever the connection listens again. Further ones follow after 5, 10, 20, … s, up
 * to 60 s for a solitary node, up to 5 s for each node of a cluster but 60 s at most, and every 5 s for an isolated one; after a
 * change that silence brought about it is 5 s again. A wait is jittered by −5 to +10 percent. Silence is judged at each ping but the
 * first, so that a node which has just started is not taken for isolated. Each change is told as
 * {@link dev.kerrera.telemetry.ConnectivitySwitched}. With {@code kerrera.notifier.mode=poll} nothing is sent, and the state stays
 * {@code UNKNOWN}.
 *
 * <h2>Telling</h2>
 *
 * <p>An announcement waits for the commit of its transaction, and a rollback drops it. Then the queue of this node is woken
 * by a method call, and {@code Publisher} sends NOTIFY on a second connection of its own: the first message at once, what
 * comes meanwhile or within {@code kerrera.notifier.debounce} together in the next statement. An announcement equal to one
 * that still waits is not sent twice; a message that an application publishes twice is.
 *
 * <p>What is heard goes to Kerrera's own rooms on the listening thread, and to the application through {@code Relay} on another, unless
 * nobody there observes the channel or listens to it.
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
