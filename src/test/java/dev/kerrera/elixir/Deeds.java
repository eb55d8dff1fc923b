package dev.kerrera.elixir;

import dev.kerrera.job.Job;
import dev.kerrera.worker.Failure;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A worker of Kerrera's that does what the args say. */
@Work(name = "java.Deeds", queue = "java")
class Deeds implements Worker<Map<String, Object>> {

    @Override
    public Outcome perform(Map<String, Object> args, JobContext job) throws InterruptedException {
        return switch (String.valueOf(args.get("deed"))) {
            case "error" -> Outcome.error("no\u0000t “good”\n");
            case "throw" -> throw new IllegalStateException("boom");
            case "fail once" -> job.attempt() == 1 ? Outcome.error("not yet") : Outcome.ok();
            case "cancel" -> Outcome.cancel("no more");
            case "discard" -> Outcome.discard("never");
            case "snooze once" ->
                job.meta().containsKey("snoozed") ? Outcome.ok() : Outcome.snooze(Duration.ofMillis(1));
            case "park" -> {
                new CountDownLatch(1).await();
                yield Outcome.ok();
            }
            default -> {
                job.progress(1, 2, "half");
                yield Outcome.ok();
            }
        };
    }

    @Override
    public Optional<Duration> backoff(Job job, Failure failure) {
        return Optional.of(Duration.ofMillis(1));
    }
}
