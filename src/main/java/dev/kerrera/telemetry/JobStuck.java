package dev.kerrera.telemetry;

import dev.kerrera.job.Job;
import java.util.List;

/**
 * A worker goes on although it was interrupted a while ago, because its job was cancelled or its time is up. Its job is settled
 * without it, and what it will return is not written.
 *
 * @param job the job as it was fetched
 * @param thread name of the thread it holds
 * @param stack what it is doing
 */
public record JobStuck(Job job, String thread, List<StackTraceElement> stack) implements KerreraEvent {}
