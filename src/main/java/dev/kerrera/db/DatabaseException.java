package dev.kerrera.db;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A statement failed. Tells expected conflicts between transactions from everything else. */
public final class DatabaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final Set<String> CONFLICTS = Set.of("40P01", "55P03", "40001");

    /** Wrong data, a constraint, a data change in a trigger, a view's check, a limit of the server, an error raised in a trigger. */
    private static final Set<String> CLASSES_ABOUT_ROWS = Set.of("22", "23", "27", "44", "54", "P0");

    private static final String QUERY_CANCELED = "57014";

    /**
     * The connection, the operator, resources, the system, an internal error: the server may have been lost while it committed. 60 and 99
     * are the driver's own, about an answer it could not read.
     */
    private static final Set<String> CLASSES_OF_LOSS = Set.of("08", "53", "57", "58", "60", "99", "XX");

    private static final String COMPLETION_UNKNOWN = "40003";

    private final SQLException cause;
    private final @Nullable String sqlState;

    public DatabaseException(SQLException cause) {
        super(cause.getMessage(), cause);
        this.cause = cause;
        this.sqlState = cause.getSQLState();
    }

    /** The same for another who waited for the same statement, with a stack trace of his own. */
    public DatabaseException again() {
        return new DatabaseException(cause);
    }

    /**
     * Whether the server is known to have refused the statement, so that nothing is left of one that commits by itself. After any
     * other failure nobody knows whether it was carried out.
     */
    public boolean isRefusal() {
        return sqlState != null
                && sqlState.length() == 5
                && (sqlState.equals(QUERY_CANCELED)
                        || (!CLASSES_OF_LOSS.contains(sqlState.substring(0, 2))
                                && !sqlState.equals(COMPLETION_UNKNOWN)));
    }

    /** Whether another transaction got in the way (deadlock, lock not available, serialization failure). */
    public boolean isConflict() {
        return sqlState != null && CONFLICTS.contains(sqlState);
    }

    /**
     * Whether it is about the rows that the statement was to change, so that one for fewer or others may succeed (a constraint,
     * a trigger, a value out of range, a timeout).
     */
    public boolean isAboutRows() {
        return sqlState != null
                && (sqlState.equals(QUERY_CANCELED)
                        || (sqlState.length() == 5 && CLASSES_ABOUT_ROWS.contains(sqlState.substring(0, 2))));
    }
}
