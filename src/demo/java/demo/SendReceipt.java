package demo;

import dev.kerrera.JobService;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import jakarta.inject.Inject;
import java.util.Map;

/** Pretends to send a receipt, and tells every node. */
@Work(queue = "mail", maxAttempts = 5, tags = "receipt")
public class SendReceipt implements Worker<Receipt> {

    @Inject
    private JobService jobs;

    @Override
    public Outcome perform(Receipt receipt, JobContext job) {
        String text = "receipt over %s sent to %s".formatted(receipt.total(), receipt.customer());
        jobs.publish("gossip", Map.of("order", receipt.order(), "message", text));
        return Outcome.ok();
    }
}
