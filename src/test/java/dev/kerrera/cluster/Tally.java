package dev.kerrera.cluster;

import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** Notes each run in a table, away from the job, and takes its time. */
@Work(name = "Tally", queue = "alpha")
class Tally implements Worker<Map<String, Object>> {

    private static final long WORK_NANOS = 50_000_000;

    static volatile DataSource dataSource;

    @Override
    public Outcome perform(Map<String, Object> args, JobContext job) throws Exception {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement note = connection.prepareStatement(
                        "INSERT INTO %s.tally (job) VALUES (?)".formatted(args.get("schema")))) {
            note.setLong(1, job.id());
            note.executeUpdate();
        }
        LockSupport.parkNanos(WORK_NANOS);
        return Outcome.ok();
    }
}
