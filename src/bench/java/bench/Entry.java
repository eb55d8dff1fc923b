package bench;

import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.SQLException;

/** Writes a row, and is completed in the transaction that does. */
@Work(queue = Entry.QUEUE)
@Transactional
public class Entry implements Worker<Payload> {

    static final String QUEUE = "exact";

    @Inject
    private Entries entries;

    @Inject
    private Sink sink;

    @Override
    public Outcome perform(Payload payload, JobContext job) throws SQLException {
        entries.add(payload.id());
        sink.perform(payload.id());
        return Outcome.ok();
    }
}
