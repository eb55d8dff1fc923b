package dev.kerrera.queue;

import dev.kerrera.job.JobDefaults;
import dev.kerrera.worker.Execution;
import dev.kerrera.worker.Worker;
import dev.kerrera.worker.WorkerDefinition;
import dev.kerrera.worker.WorkerInstance;
import jakarta.json.JsonObject;

/** Workers that are made in a test. */
final class MadeWorkers {

    private MadeWorkers() {}

    static WorkerDefinition of(String name, Worker<JsonObject> worker) {
        return of(name, Execution.PLAIN, worker);
    }

    static WorkerDefinition of(String name, Execution execution, Worker<JsonObject> worker) {
        return new WorkerDefinition(
                name,
                worker.getClass(),
                JsonObject.class,
                JobDefaults.NONE,
                execution,
                () -> new WorkerInstance(worker, () -> {}));
    }
}
