package dev.kerrera.liberty.probe;

import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import jakarta.json.JsonObject;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A worker that waits until it is let through. */
@Work(name = "test.Gate")
public class Gate implements Worker<JsonObject> {

    private static final CountDownLatch ENTERED = new CountDownLatch(1);
    private static final CountDownLatch OPEN = new CountDownLatch(1);

    @Override
    public Outcome perform(JsonObject args, JobContext job) throws InterruptedException {
        ENTERED.countDown();
        return OPEN.await(30, TimeUnit.SECONDS) ? Outcome.ok() : Outcome.error("nobody opened");
    }

    public static boolean entered() throws InterruptedException {
        return ENTERED.await(10, TimeUnit.SECONDS);
    }

    public static void open() {
        OPEN.countDown();
    }
}
