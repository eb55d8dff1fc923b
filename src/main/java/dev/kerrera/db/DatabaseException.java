package dev.kerrera.db;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A statement failed. Tells expected conflicts between transactions from everything else. */
public final class DatabaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final Set<String> CONFLICTS = Set.of("40P01", "55P03", "40001");

    private final @Nullable String sqlState;

    public DatabaseException(SQLException cause) {
        super(cause.getMessage(), cause);
        this.sqlState = cause.getSQLState();
    }

    /** Whether another transaction got in the way (deadlock, lock not available, serialization failure). */
    public boolean isConflict() {
        return sqlState != null && CONFLICTS.contains(sqlState);
    }
}
