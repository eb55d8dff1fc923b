package demo;

import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import java.time.Duration;
import java.util.Objects;

/** Ends in whatever way its args say. */
@Work
public class Exercise implements Worker<ExerciseArgs> {

    @Override
    public Outcome perform(ExerciseArgs args, JobContext job) throws InterruptedException {
        String action = Objects.requireNonNullElse(args.action(), "ok");
        return switch (action) {
            case "ok" -> Outcome.ok();
            case "error" -> Outcome.error("asked to fail");
            case "cancel" -> Outcome.cancel("asked to cancel");
            case "discard" -> Outcome.discard("asked to discard");
            case "snooze" -> Outcome.snooze(Duration.ofSeconds(Objects.requireNonNullElse(args.seconds(), 5)));
            case "sleep" -> sleep(Duration.ofMillis(Objects.requireNonNullElse(args.ms(), 1_000)));
            case "throw" -> throw new IllegalStateException("asked to throw");
            default ->
                Outcome.cancel("action must be ok, error, cancel, discard, snooze, sleep or throw, was " + action);
        };
    }

    private static Outcome sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration.toMillis());
        return Outcome.ok();
    }
}
