package bench;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Rows that jobs write. */
@ApplicationScoped
public class Entries {

    /** Nothing in the table keeps a second row of one job out, so that one would be seen. */
    static final String TABLE = "CREATE TABLE IF NOT EXISTS bench_entries (id bigint NOT NULL)";

    static final String INSERT = "INSERT INTO bench_entries (id) VALUES (?)";

    @Resource(lookup = "jdbc/kerrera")
    private DataSource dataSource;

    /** Adds one in the transaction of the caller. */
    public void add(long id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setLong(1, id);
            insert.executeUpdate();
        }
    }
}
