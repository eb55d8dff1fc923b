package dev.kerrera.met;

import dev.kerrera.queue.QueueStatus;
import dev.kerrera.task.Interval;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.task.Service;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Tells Oban Web about this node once a second, where anybody is there to be told; Oban's <em>Oban.Met</em>. Thread-safe. */
public final class Reporter implements Service {

    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final long CRONTAB_SECONDS = 15;

    private final Identity identity;
    private final Audience audience;
    private final Sources sources;
    private final Outlets outlets;
    private final Clock clock;
    private final Interval interval;
    private long lastMetrics; // used by one turn at a time, as what follows
    private long lastCrontab;

    /** Who reports. */
    record Identity(String name, String node) {}

    /** What is reported; full counts only while this node leads. */
    record Sources(
            Supplier<List<QueueStatus>> queues,
            Recorder runs,
            FullCounts counts,
            BooleanSupplier leads,
            Supplier<List<JsonArray>> crontab) {}

    /** Where it goes. */
    record Outlets(Outlet gossip, Outlet metrics, Outlet cronitor) {}

    Reporter(
            Identity identity,
            Audience audience,
            Sources sources,
            Outlets outlets,
            Clock clock,
            RandomGenerator random) {
        this.identity = identity;
        this.audience = audience;
        this.sources = sources;
        this.outlets = outlets;
        this.clock = clock;
        this.interval = new Interval("The report to Oban Web", PERIOD, this::turn, random);
    }

    /** Begins to report, where it may at all. */
    @Override
    public void start(ScheduledExecutorService timer) {
        if (isEnabled()) {
            interval.start(timer);
        }
    }

    /** Whether there may ever be anything to report. */
    @Override
    public boolean isEnabled() {
        return audience.possible();
    }

    /** Reports no more. */
    @Override
    public void stop() {
        interval.stop();
    }

    /** How its loop is doing. */
    @Override
    public LoopStatus loop() {
        return interval.status();
    }

    void turn() {
        if (!audience.present()) {
            sources.runs().rest();
            sources.counts().forget();
            return;
        }
        long second = clock.instant().getEpochSecond();
        checks();
        if (second != lastMetrics) {
            lastMetrics = second;
            metrics(second);
        }
        if (second - lastCrontab >= CRONTAB_SECONDS || second < lastCrontab) {
            lastCrontab = second;
            crontab();
        }
    }

    private void checks() {
        List<JsonObject> checks = sources.queues().get().stream().map(Check::of).toList();
        if (!checks.isEmpty()) {
            outlets.gossip()
                    .send(
                            checks,
                            share -> Json.createObjectBuilder()
                                    .add("checks", share)
                                    .build());
        }
    }

    private void metrics(long second) {
        List<JsonObject> metrics = new ArrayList<>(sources.runs().take());
        if (sources.leads().getAsBoolean()) {
            sources.counts().latest().stream().map(Metric::fullCount).forEach(metrics::add);
        } else {
            sources.counts().forget();
        }
        outlets.metrics()
                .send(
                        metrics,
                        share -> signed("metrics", share).add("time", second).build());
    }

    private void crontab() {
        outlets.cronitor()
                .sendWhatFits(
                        sources.crontab().get(),
                        share -> Json.createObjectBuilder()
                                .add("crontab", share)
                                .add("name", identity.name())
                                .add("node", identity.node())
                                .build());
    }

    /** The ident changes nothing for who reads it, and tells nodes of Kerrera's that one of them has written it. */
    private JsonObjectBuilder signed(String key, JsonArray share) {
        return Json.createObjectBuilder()
                .add("ident", "any")
                .add(key, share)
                .add("name", identity.name())
                .add("node", identity.node());
    }
}
