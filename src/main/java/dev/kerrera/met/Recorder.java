package dev.kerrera.met;

import dev.kerrera.job.Job;
import dev.kerrera.job.JobState;
import dev.kerrera.telemetry.JobFailed;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.telemetry.KerreraEvent;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Counts the runs that end, while somebody wants to know. Thread-safe. */
public final class Recorder implements Consumer<KerreraEvent> {

    private volatile boolean wanted;
    private Map<Labels, Tally> tallies = new LinkedHashMap<>(); // guarded by this

    private record Labels(JobState state, String queue, String worker) {}

    private static final class Tally {
        final Sketch execTime = new Sketch();
        final Sketch waitTime = new Sketch();
        long count;

        void add(Duration duration, Duration queueTime) {
            count++;
            execTime.add(duration);
            waitTime.add(queueTime);
        }
    }

    @Override
    public void accept(KerreraEvent event) {
        if (!wanted) {
            return;
        }
        if (event instanceof JobStopped stopped) {
            add(stopped.job(), stopped.state(), stopped.duration(), stopped.queueTime());
        } else if (event instanceof JobFailed failed) {
            add(failed.job(), failed.state(), failed.duration(), failed.queueTime());
        }
    }

    /** The metrics of the runs that have ended since the last time; from now on runs are counted. */
    List<JsonObject> take() {
        wanted = true;
        List<JsonObject> metrics = new ArrayList<>();
        taken().forEach((labels, tally) -> {
            metrics.add(metric("exec_count", labels, Metric.gauge(tally.count)));
            metrics.add(metric("exec_time", labels, tally.execTime.toJson()));
            metrics.add(metric("wait_time", labels, tally.waitTime.toJson()));
        });
        return metrics;
    }

    /** Nobody wants to know. */
    void rest() {
        if (wanted) {
            wanted = false;
            taken();
        }
    }

    private synchronized Map<Labels, Tally> taken() {
        Map<Labels, Tally> taken = tallies;
        tallies = new LinkedHashMap<>();
        return taken;
    }

    private synchronized void add(Job job, JobState state, Duration duration, Duration queueTime) {
        tallies.computeIfAbsent(new Labels(state, job.queue(), job.worker()), labels -> new Tally())
                .add(duration, queueTime);
    }

    private static JsonObject metric(String series, Labels labels, JsonObject value) {
        return Metric.ofRuns(series, labels.state(), labels.queue(), labels.worker(), value);
    }
}
