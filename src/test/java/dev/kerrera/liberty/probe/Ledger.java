package dev.kerrera.liberty.probe;

import dev.kerrera.JobService;
import dev.kerrera.job.Job;
import dev.kerrera.worker.Completion;
import dev.kerrera.worker.Failure;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;

/** A worker that writes a row, whose job is completed in the transaction of that row. */
@Work(name = "test.Ledger", completion = Completion.TRANSACTIONAL, timeout = "60s")
public class Ledger implements Worker<Ledger.Entry> {

    private static final String WRITE = "INSERT INTO ledger (job, thread) VALUES (?, ?)";

    /** How the job is to end after it has written its row. */
    public record Entry(String end) {}

    @Resource(lookup = "jdbc/kerrera")
    private DataSource dataSource;

    @Inject
    private JobService jobs;

    @Override
    public Outcome perform(Entry entry, JobContext job) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement write = connection.prepareStatement(WRITE)) {
            write.setLong(1, job.id());
            write.setString(2, Thread.currentThread().getName());
            write.executeUpdate();
        }
        return switch (entry.end()) {
            case "ok" -> Outcome.ok();
            case "error" -> Outcome.error("asked to fail");
            case "throw" -> throw new IllegalStateException("asked to throw");
            case "snooze" -> Outcome.snooze(Duration.ofHours(1));
            case "cancel" -> cancelItself(job);
            case "wait" -> waitAtTheGate();
            default -> chance();
        };
    }

    @Override
    public Optional<Duration> backoff(Job job, Failure failure) {
        return Optional.of(Duration.ZERO);
    }

    private Outcome cancelItself(JobContext job) {
        jobs.cancel(job.id());
        return Outcome.ok();
    }

    private static Outcome waitAtTheGate() {
        LedgerGate.pass();
        return Outcome.ok();
    }

    private static Outcome chance() {
        return switch (ThreadLocalRandom.current().nextInt(8)) {
            case 0 -> Outcome.error("by chance");
            case 1 -> throw new IllegalStateException("by chance");
            default -> Outcome.ok();
        };
    }
}
