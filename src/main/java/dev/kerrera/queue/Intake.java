package dev.kerrera.queue;

import dev.kerrera.engine.Demand;
import dev.kerrera.engine.Fetching;
import dev.kerrera.engine.JointFetching;
import dev.kerrera.engine.Owner;
import dev.kerrera.engine.Position;
import dev.kerrera.job.Job;
import dev.kerrera.worker.WorkerDefinition;
import dev.kerrera.worker.WorkerRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Takes jobs for producers: such as this node can run, and only while the table knows that it lives. Thread-safe. */
final class Intake {

    private final Heart heart;
    private final Fetching fetching;
    private final Errand errand;
    private final WorkerRegistry workers;

    Intake(Heart heart, Fetching fetching, JointFetching joint, WorkerRegistry workers) {
        this.heart = heart;
        this.fetching = fetching;
        this.errand = new Errand(fetching, joint);
        this.workers = workers;
    }

    /** Whether there are jobs at all that this node can run. */
    boolean canTake() {
        return !workers.names().isEmpty();
    }

    /**
     * @param patient whether others may be waited for, for a moment
     * @throws dev.kerrera.engine.FetchRefused when the database does not let one of them be taken
     */
    List<Job> take(Demand demand, boolean patient) {
        heart.ensureFresh();
        return errand.fetch(demand, patient, workers.names());
    }

    /** Where the first job stands that would be taken of a queue. */
    Optional<Position> first(String queue, Position after) {
        return fetching.first(queue, after, workers.names());
    }

    WorkerDefinition worker(Job job) {
        return workers.find(job.worker()).orElseThrow();
    }

    /** Gives back what the owner holds in the table and does not run. */
    void reclaim(String queue, Owner owner, Collection<Long> running) {
        fetching.reclaim(queue, owner, running);
    }
}
