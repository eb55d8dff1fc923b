package dev.kerrera.cluster;

import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Runs until it is interrupted or all are released. */
@Work(name = "Parked", queue = "alpha")
class Parked implements Worker<Map<String, Object>> {

    static volatile CountDownLatch released = new CountDownLatch(1);

    @Override
    public Outcome perform(Map<String, Object> args, JobContext job) throws Exception {
        released.await();
        return Outcome.ok();
    }
}
