package dev.kerrera.maintenance;

import dev.kerrera.task.Interval;
import dev.kerrera.task.LoopStatus;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * What the leader does at an interval. The loop turns on every node and asks each time whether this one leads, so that a new
 * leader goes on at once and a former one stops. Thread-safe.
 */
final class Duty {

    private final BooleanSupplier leads;
    private final Runnable act;
    private final Interval interval;

    Duty(String name, Duration period, BooleanSupplier leads, Runnable act, RandomGenerator random) {
        this.leads = leads;
        this.act = act;
        this.interval = new Interval(name, period, this::turn, random);
    }

    void start(ScheduledExecutorService timer) {
        interval.start(timer);
    }

    void stop() {
        interval.stop();
    }

    LoopStatus status() {
        return interval.status();
    }

    private void turn() {
        if (leads.getAsBoolean()) {
            act.run();
        }
    }
}
