/**
 * Migrations: what the schema must hold, who made it, and when Kerrera declines to work with it.
 *
 * <h2>Two version records</h2>
 *
 * <ul>
 *   <li><em>Oban's tables</em>, {@code oban_jobs} and {@code oban_peers}, are v14 to the letter. Their version is where Oban
 *       keeps it, in the comment on {@code oban_jobs}, so that an Elixir node finds nothing to do. An empty schema gets v14
 *       in one step; the versions before it are not replayed.
 *   <li><em>Kerrera's tables</em>, prefix {@code kerrera_}, count their own versions in {@code kerrera_migrations}. Steps are
 *       scripts next to this class, named one by one and never edited once released: their checksum is recorded.
 * </ul>
 *
 * <h2>What is found, what happens</h2>
 *
 * <table>
 *   <caption>by the comment on oban_jobs</caption>
 *   <tr><td>no table, no leftover</td><td>created</td></tr>
 *   <tr><td>{@code 14}</td><td>taken as it is, if the tables match; no DDL statement touches them but for storage settings, see below</td></tr>
 *   <tr><td>{@code ∞}</td><td>managed elsewhere: taken as it is, if it holds what Kerrera needs</td></tr>
 *   <tr><td>{@code 1}…{@code 13}</td><td>refused: upgrading is Oban's own business, with data of its own to move</td></tr>
 *   <tr><td>{@code 15} and above</td><td>refused: what an unknown version means by a column cannot be known</td></tr>
 *   <tr><td>none, or no number</td><td>refused: the tables may be any version's, or another port's</td></tr>
 * </table>
 *
 * <p>A partial schema is refused under any comment, with all that is missing or different in one message. What counts is
 * what Kerrera's SQL needs: the states, the columns with type, nullability and default, the keys. Leftovers of old Oban
 * releases, further tables, added columns that have a default and dropped indexes are nobody's problem here.
 *
 * <p>Storage settings are no part of a shape: v4 of Kerrera's own sets those of {@code oban_jobs} that nobody has set, unless it is
 * managed elsewhere or somebody else's. GIN indexes are dropped where the configuration says so. Neither waits long for a lock.
 *
 * <p>A schema that a <em>newer Kerrera</em> has migrated is accepted with a warning: own steps only ever add, so that nodes
 * can be replaced one at a time.
 *
 * <h2>Many nodes, one transaction</h2>
 *
 * <p>All of it happens in a single transaction that begins by taking {@code pg_advisory_xact_lock} on a key made from the
 * schema's name. A crash half-way leaves nothing; the second node waits, looks and finds all done. Because the lock belongs
 * to the transaction, a transaction pooler such as PgBouncer may stand between, and one connection is enough.
 *
 * <p>May import: nothing of Kerrera. {@link dev.kerrera.db.migration.Migrator} is for the start-up code and for tools; the
 * rest may change in any release.
 */
@NullMarked
package dev.kerrera.db.migration;

import org.jspecify.annotations.NullMarked;
