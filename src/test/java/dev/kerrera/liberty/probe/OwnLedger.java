package dev.kerrera.liberty.probe;

import dev.kerrera.worker.Completion;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import jakarta.annotation.Resource;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;

/** A transactional worker that wants its own commit, before its job is completed. */
@Work(name = "test.OwnLedger", completion = Completion.SEPARATE)
public class OwnLedger implements Worker<Map<String, Object>> {

    @Resource(lookup = "jdbc/kerrera")
    private DataSource dataSource;

    @Override
    @Transactional
    public Outcome perform(Map<String, Object> args, JobContext job) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement write = connection.createStatement()) {
            write.executeUpdate("INSERT INTO ledger (job) VALUES (" + job.id() + ")");
        }
        return Outcome.error("asked to fail after its commit");
    }
}
