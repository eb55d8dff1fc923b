package dev.kerrera.cluster;

import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.Map;
import javax.sql.DataSource;

/** Notes each run in a table, away from the job. */
@Work(name = "Tally", queue = "alpha")
class Tally implements Worker<Map<String, Object>> {

    static volatile DataSource dataSource;

    @Override
    public Outcome perform(Map<String, Object> args, JobContext job) throws Exception {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement note = connection.prepareStatement(
                        "INSERT INTO %s.tally (job) VALUES (?)".formatted(args.get("schema")))) {
            note.setLong(1, job.id());
            note.executeUpdate();
        }
        return Outcome.ok();
    }
}
