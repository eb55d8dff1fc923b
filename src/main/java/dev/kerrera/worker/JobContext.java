package dev.kerrera.worker;

import dev.kerrera.job.Job;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a worker can know of the run it is in, and say about it. Thread-safe.
 *
 * <p>Kerrera makes one for each run; {@link #of} gives one for a worker's own unit tests.
 */
public interface JobContext {

    /** A context of a run that nobody watches: without a deadline, never cancelled, and its progress goes nowhere. */
    static JobContext of(Job job) {
        return new Unwatched(job);
    }

    /** The job as it was fetched; its attempt counts this run. */
    Job job();

    /** When the run is interrupted because its time is up; empty when it may take as long as it likes. */
    Optional<Instant> deadline();

    /**
     * Whether the run should end soon: the job {@linkplain #isCancelled was cancelled}, its time is up, or the queue is being
     * stopped. The thread was interrupted too; the flag stays where an interrupt was swallowed. End it with an exception or
     * {@link Outcome#error}: a stop of the queue then gives the job back unharmed.
     */
    boolean shouldStop();

    /** Whether the job was cancelled, or taken from this run in another way, so that nothing it returns will be kept. */
    boolean isCancelled();

    /**
     * A number that is greater in every later run of the same job, whatever node runs it: microseconds of {@code attempted_at}.
     * A system that remembers the greatest one it was given can refuse a run that was taken for dead and was not. Kerrera
     * itself refuses the result of such a run.
     */
    long fencingToken();

    /**
     * Tells how far the run has come. Kept in the job's {@code meta} under {@code progress} with the keys {@code done}, {@code
     * total}, {@code note} and {@code at}. It is written from another thread at most once a second, the latest word last, and
     * never waits for the database; in a transactional worker too it is seen at once.
     *
     * @param done how much is done, from 0 to {@code total}
     * @param total how much there is in all
     * @param note a few words, or null; cut at 200 characters
     * @throws IllegalArgumentException when {@code done} is not between 0 and {@code total}
     */
    void progress(long done, long total, @Nullable String note);

    /** Tells how far the run has come, without words. */
    default void progress(long done, long total) {
        progress(done, total, null);
    }

    /** The job's id, stable across its attempts. */
    default long id() {
        return job().id();
    }

    /** Which attempt this is, 1 for the first. */
    default int attempt() {
        return job().attempt();
    }

    /** Whether a failure now would discard the job. */
    default boolean lastAttempt() {
        return job().attempt() >= job().maxAttempts();
    }

    /** What travels with the job beside its args: whatever the inserting side put there, such as a trace, a tenant, a user. */
    default JsonObject meta() {
        return job().meta();
    }
}
