package dev.kerrera.liberty.probe;

import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import jakarta.annotation.Resource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** A worker that uses a connection by hand, and not always to the end. */
@Work(name = "test.PlainJdbc")
public class PlainJdbc implements Worker<PlainJdbc.Args> {

    public record Args(String end) {}

    @Resource(lookup = "jdbc/kerrera")
    private DataSource dataSource;

    @Override
    public Outcome perform(Args args, JobContext job) throws SQLException, IOException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("CREATE TABLE IF NOT EXISTS plain_jdbc (job bigint)");
            statement.execute("INSERT INTO plain_jdbc VALUES (" + job.id() + ")");
            switch (args.end()) {
                case "commit" -> connection.commit();
                case "throw" -> throw new IOException("before the commit");
                case "break" -> statement.execute("SELECT 1 / 0");
                default -> {
                    // forgets to commit
                }
            }
        }
        return Outcome.ok();
    }
}
