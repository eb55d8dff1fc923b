package bench;

import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Writes a row, and is completed in the transaction that does. */
@Work(queue = Entry.QUEUE)
@Transactional
public class Entry implements Worker<Payload> {

    static final String QUEUE = "exact";

    /** Nothing in the table keeps a second row of one job out, so that one would be seen. */
    static final String TABLE = "CREATE TABLE IF NOT EXISTS bench_entries (id bigint NOT NULL)";

    private static final String INSERT = "INSERT INTO bench_entries (id) VALUES (?)";

    @Resource(lookup = "jdbc/kerrera")
    private DataSource dataSource;

    @Inject
    private Sink sink;

    @Override
    public Outcome perform(Payload payload, JobContext job) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setLong(1, payload.id());
            insert.executeUpdate();
        }
        sink.perform(payload.id());
        return Outcome.ok();
    }
}
