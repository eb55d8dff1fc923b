package dev.kerrera.liberty.probe;

import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import jakarta.annotation.Resource;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;

/** A transactional worker that takes longer than it may. */
@Work(name = "test.Sluggish", timeout = "1s", maxAttempts = 1)
public class Sluggish implements Worker<Map<String, Object>> {

    @Resource(lookup = "java:comp/TransactionSynchronizationRegistry")
    private TransactionSynchronizationRegistry transactions;

    @Override
    @Transactional
    public Outcome perform(Map<String, Object> args, JobContext job) throws InterruptedException {
        if (args.containsKey("deaf")) {
            Awaitility.await().pollInSameThread().until(() -> overdue());
            return Outcome.ok();
        }
        new CountDownLatch(1).await();
        return Outcome.ok();
    }

    /** Whether the container has given up the transaction, which has the same limit as the run. */
    private boolean overdue() {
        Thread.interrupted();
        return transactions.getTransactionStatus() != Status.STATUS_ACTIVE;
    }
}
