package dev.kerrera.telemetry;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.kerrera.job.Job;
import dev.kerrera.job.JobState;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Writes what operators need to know to the server's log. */
final class DefaultLog implements Consumer<KerreraEvent> {

    private static final System.Logger LOG = System.getLogger("dev.kerrera");
    private static final int STACK_SHOWN = 20;

    @Override
    public void accept(KerreraEvent event) {
        if (event instanceof JobStarted started) {
            LOG.log(DEBUG, () -> name(started.job()) + " started");
        } else if (event instanceof JobStopped stopped) {
            LOG.log(
                    DEBUG,
                    () -> "%s is %s after %d ms"
                            .formatted(
                                    name(stopped.job()),
                                    stopped.state().label(),
                                    stopped.duration().toMillis()));
        } else if (event instanceof JobFailed failed) {
            LOG.log(WARNING, () -> describe(failed));
        } else if (event instanceof JobFenced fenced) {
            LOG.log(WARNING, () -> describe(fenced));
        } else if (event instanceof JobStuck stuck) {
            LOG.log(WARNING, () -> describe(stuck));
        } else if (event instanceof JobReleased released) {
            LOG.log(
                    INFO,
                    () -> name(released.job()) + " was interrupted by the stop of its queue and is available again");
        } else if (event instanceof QueueStopped stopped) {
            log(stopped);
        } else if (event instanceof PeerElected elected) {
            LOG.log(
                    INFO,
                    () -> elected.leading()
                            ? "This node leads the instances called " + elected.name()
                            : "This node no longer leads the instances called " + elected.name());
        } else if (event instanceof NotifierSwitched switched) {
            LOG.log(switched.listening() ? INFO : WARNING, switched::reason);
        } else if (event instanceof ConnectivitySwitched switched) {
            LOG.log(switched.status() == Connectivity.ISOLATED ? WARNING : INFO, switched::reason);
        }
    }

    private static void log(QueueStopped stopped) {
        if (!stopped.orphaned().isEmpty()) {
            LOG.log(
                    WARNING,
                    () ->
                            "Queue %s stopped after %d ms while jobs %s were still running; they stay executing until rescued"
                                    .formatted(
                                            stopped.queue(), stopped.elapsed().toMillis(), stopped.orphaned()));
        }
    }

    private static String describe(JobFailed failed) {
        Job job = failed.job();
        String next = failed.state() == JobState.DISCARDED ? "it will not be tried again" : "it will be tried again";
        return "%s failed in attempt %d of %d; %s: %s"
                .formatted(name(job), job.attempt(), job.maxAttempts(), next, firstLine(failed.error()));
    }

    private static String describe(JobStuck stuck) {
        return "%s goes on although it was interrupted; it is settled without its worker, which holds thread %s at%s"
                .formatted(
                        name(stuck.job()),
                        stuck.thread(),
                        stuck.stack().stream()
                                .limit(STACK_SHOWN)
                                .map(frame -> "\n    " + frame)
                                .collect(Collectors.joining()));
    }

    private static String describe(JobFenced fenced) {
        return "%s was no longer owned by the run of attempt %d when it ended; its result '%s' was not written"
                .formatted(
                        name(fenced.job()),
                        fenced.job().attempt(),
                        fenced.state().label());
    }

    private static String name(Job job) {
        return "Job %d (%s) of queue %s".formatted(job.id(), job.worker(), job.queue());
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
