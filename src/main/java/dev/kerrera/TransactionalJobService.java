package dev.kerrera;

import dev.kerrera.insert.Inserter;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobJson;
import dev.kerrera.job.JobJsonException;
import dev.kerrera.job.NewJob;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.worker.Worker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The service over this node's rooms. */
@ApplicationScoped
class TransactionalJobService implements JobService {

    @Inject
    private Inserter inserter;

    @Inject
    private Notifier notifier;

    @Override
    public Job insert(NewJob job) {
        return inserter.insert(job);
    }

    @Override
    public <A> Job insert(Class<? extends Worker<A>> worker, A args, UnaryOperator<NewJob> options) {
        return inserter.insert(options.apply(inserter.jobFor(worker, args)));
    }

    @Override
    public void publish(String channel, Map<String, ?> payload) {
        notifier.publish(channel, object(payload));
    }

    private static JsonObject object(Map<String, ?> payload) {
        try {
            return JobJson.object(JobJson.write(payload));
        } catch (JobJsonException unwritable) {
            throw new IllegalArgumentException(
                    "payload cannot be written as a JSON object: " + unwritable.getMessage(), unwritable);
        }
    }
}
