package bench;

import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import jakarta.inject.Inject;

/** Does nothing but be counted. Each run gets a bean of its own. */
@Work(queue = Noop.QUEUE)
public class Noop implements Worker<Payload> {

    static final String QUEUE = "bench";

    @Inject
    private Sink sink;

    @Override
    public Outcome perform(Payload payload, JobContext job) {
        sink.perform(payload.id());
        return Outcome.ok();
    }
}
