package dev.kerrera.db.migration;

import static dev.kerrera.db.migration.SchemaStatus.Origin.CREATED;
import static dev.kerrera.db.migration.SchemaStatus.Origin.FOUND;

import dev.kerrera.config.MigrationSettings;
import dev.kerrera.config.Prefix;
import dev.kerrera.db.migration.SchemaStatus.Ready;
import dev.kerrera.db.migration.SchemaStatus.Refused;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Brings a schema to what Kerrera needs: Oban's tables at exactly v14 (Oban's {@code Oban.Migration.up}, prefix and all)
 * and Kerrera's own {@code kerrera_} tables beside them. See the package for what is accepted and what is refused.
 *
 * <p>One connection, one transaction, one advisory lock: any number of nodes may start at once, a crash leaves nothing
 * half done, and a pool of one or a transaction pooler suffices. Call it outside any JTA transaction: it commits for
 * itself. Instances hold no state and are safe for use by many threads.
 *
 * <pre>{@code
 * SchemaStatus.Ready ready = new Migrator(dataSource, "public").migrate();
 * log.info(ready.describe()); // schema public, oban v14 (found), kerrera v5
 * }</pre>
 */
public final class Migrator {

    /** The version of Oban's schema that Kerrera writes and accepts. */
    public static final int OBAN_VERSION = 14;

    private static final Logger LOG = System.getLogger(Migrator.class.getName());

    /** READ COMMITTED whatever the pool's default: a snapshot taken before the lock would hide what its holder did. */
    private static final String BEGIN_WRITING = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE";

    private static final String BEGIN_READING = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

    private static final String LOCK = "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(?, 0))";

    private final DataSource dataSource;
    private final Prefix schema;
    private final MigrationSettings wanted;

    /**
     * A migrator for one schema; nothing is read yet.
     *
     * @param dataSource where the schema is; its role needs to create tables only if {@link #migrate()} has any to create
     * @param prefix the schema's name as it stands in the catalog, not quoted; created by {@link #migrate()} unless it is
     *     {@code public}
     * @throws IllegalArgumentException if the prefix contains a dot, is longer than 49 bytes, is blank or begins with
     *     {@code pg_}
     */
    public Migrator(DataSource dataSource, String prefix) {
        this(dataSource, new Prefix(Objects.requireNonNull(prefix, "prefix")), MigrationSettings.DEFAULT);
    }

    /** The same with something else done to the jobs table than by default. */
    public Migrator(DataSource dataSource, Prefix prefix, MigrationSettings wanted) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        this.schema = prefix;
        this.wanted = wanted;
    }

    /**
     * Creates what is missing and says what there is. A schema that needs nothing sees no DDL at all.
     *
     * @throws SchemaRefusedException if Oban's tables are there but are not v14; nothing was changed
     * @throws SchemaException if the database failed or denied something; everything was rolled back
     */
    public Ready migrate() {
        Ready ready = inTransaction("migrate", BEGIN_WRITING, connection -> {
            lock(connection);
            Inventory found = admitted(connection);
            for (String script : new Plan(schema, found, wanted).scripts()) {
                execute(connection, script);
            }
            return ready(found, Math.max(found.ownVersion(), OwnMigration.LATEST));
        });
        LOG.log(Level.INFO, ready.describe());
        return ready;
    }

    /**
     * Looks without touching: one read-only transaction, no lock. Refuses all that {@link #migrate()} refuses, and also
     * what it would still have to create.
     *
     * @throws SchemaException if the database could not be read
     */
    public SchemaStatus verify() {
        return inTransaction("verify", BEGIN_READING, connection -> {
            Inventory found = new InventoryReader(connection, schema).read();
            var admission = new Admission(schema, found);
            Optional<Refused> refused = admission.refusal().or(admission::incomplete);
            return refused.isPresent() ? refused.get() : ready(found, found.ownVersion());
        });
    }

    /**
     * All the SQL that {@link #migrate()} would run in a database that holds nothing yet, as one transaction: for those
     * who have it run by another role and let Kerrera only {@link #verify()}.
     *
     * @throws IllegalArgumentException if the prefix is one the constructor rejects
     */
    public static String script(String prefix) {
        return asOne(Plan.fromNothing(new Prefix(prefix)).scripts());
    }

    /**
     * The SQL that {@link #migrate()} would run now, as one transaction, or nothing: for those who have a newer version's changes run by
     * another role. Looks without touching.
     *
     * @throws SchemaRefusedException if Oban's tables are there but are not v14
     * @throws SchemaException if the database could not be read
     */
    public String pending() {
        return inTransaction("read", BEGIN_READING, connection -> {
            List<String> scripts = new Plan(schema, admitted(connection), wanted).scripts();
            return scripts.isEmpty() ? "" : asOne(scripts);
        });
    }

    private Inventory admitted(Connection connection) throws SQLException {
        Inventory found = new InventoryReader(connection, schema).read();
        new Admission(schema, found).refusal().ifPresent(Refused::orElseThrow);
        return found;
    }

    private static String asOne(List<String> scripts) {
        return "BEGIN;\n\n" + String.join("\n", scripts) + "\nCOMMIT;\n";
    }

    private Ready ready(Inventory found, int own) {
        if (own > OwnMigration.LATEST) {
            LOG.log(
                    Level.WARNING,
                    "schema {0} is at kerrera v{1}, this node knows v{2}: a newer node has been here",
                    schema,
                    own,
                    OwnMigration.LATEST);
        }
        String comment = found.comment();
        return comment == null
                ? new Ready(schema.name(), String.valueOf(OBAN_VERSION), CREATED, own)
                : new Ready(schema.name(), comment, FOUND, own);
    }

    private void lock(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(LOCK)) {
            statement.setString(1, "kerrera.migrate." + schema);
            statement.execute();
        }
    }

    private <T> T inTransaction(String verb, String begin, Work<T> work) {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                execute(connection, begin);
                T result = work.on(connection);
                connection.commit();
                connection.setAutoCommit(autoCommit);
                return result;
            } catch (Throwable e) {
                undo(connection, autoCommit, e);
                throw e;
            }
        } catch (SQLException e) {
            throw new SchemaException("could not " + verb + " schema " + schema + ": " + e.getMessage(), e);
        }
    }

    private static void undo(Connection connection, boolean autoCommit, Throwable cause) {
        try {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
            for (SQLWarning said = statement.getWarnings(); said != null; said = said.getNextWarning()) {
                LOG.log(isWarning(said) ? Level.WARNING : Level.INFO, said.getMessage());
            }
        }
    }

    private static boolean isWarning(SQLWarning said) {
        return String.valueOf(said.getSQLState()).startsWith("01");
    }

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }
}
