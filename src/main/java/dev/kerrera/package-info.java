/**
 * The façade, and the order in which the rooms below start and stop.
 *
 * <p>May import every room below it: {@code job config task db telemetry worker engine notifier peer insert queue met maintenance}.
 *
 * <p>User API: it changes only as the changelog announces.
 *
 * <h2>Deployment, start and stop</h2>
 *
 * <pre>
 *  deploy   settings, workers, observed channels ── anything wrong ──► no deployment; every mistake is listed
 *
 *  start    1  listen loop                          hears while the rest is still coming up
 *           2  schema: migrate, or verify ─┬─ refused ──────► the start fails
 *           3  queues                      └─ unreachable ──► the server starts; 2 to 4 follow when they can
 *           4  stager
 *
 *  stop     4  stager                               nothing new becomes available
 *           3  queues: close, grace, interrupt      while messages are still heard
 *           1  listen loop, then the publisher      which first sends what waits
 * </pre>
 *
 * <p>{@link dev.kerrera.Lifecycle} keeps this order. Start and stop may be called again without harm, and a stop that comes
 * during a start waits for the step under way.
 *
 * <h2>Without a database</h2>
 *
 * <p>A database that is away is no reason to take the server down with it. The start is tried again every few seconds in the
 * background. Until it succeeds the node fetches nothing, an insert throws, and the health checks of start-up and readiness
 * are down and say why. A database that answers and refuses, for instance because a role may not create tables, is asked
 * again in the same way; its message is in the log and in the health check.
 *
 * <p>A schema that Kerrera must not work with is another matter. Waiting does not mend it, so the start fails with everything
 * that is wrong and the remedy. When the database came up only after the server, the same text is in the log and in the
 * health check.
 *
 * <p>A database that goes away under a running node costs nothing but time: polling and staging go on trying, results are
 * written when it is back, and the listener opens a new connection.
 *
 * <p>With {@code kerrera.enabled=false} nothing is started and no schema is looked at. Jobs can still be inserted.
 */
@NullMarked
package dev.kerrera;

import org.jspecify.annotations.NullMarked;
