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

    private final @Nullable String sqlState;

    public DatabaseException(SQLException cause) {
        super(cause.getMessage(), cause);
        this.sqlState = cause.getSQLState();
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
