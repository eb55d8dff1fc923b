package dev.kerrera.telemetry;

import java.time.Duration;
import java.util.List;

/**
 * A queue stopped on this node; Oban's {@code queue:shutdown}.
 *
 * @param queue name of the queue
 * @param elapsed how long it waited for its running jobs
 * @param orphaned ids of jobs that were still running when the wait was over
 */
public record QueueStopped(String queue, Duration elapsed, List<Long> orphaned) implements KerreraEvent {}
