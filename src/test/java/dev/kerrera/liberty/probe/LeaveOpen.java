package dev.kerrera.liberty.probe;

import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.util.Map;

/** A worker that begins a transaction and forgets it. */
@Work(name = "test.LeaveOpen")
public class LeaveOpen implements Worker<Map<String, Object>> {

    @Inject
    private UserTransaction transaction;

    @Override
    public Outcome perform(Map<String, Object> args, JobContext job) throws Exception {
        transaction.begin();
        return Outcome.ok();
    }
}
