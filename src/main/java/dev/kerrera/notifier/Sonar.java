package dev.kerrera.notifier;

import dev.kerrera.task.Interval;
import dev.kerrera.task.LoopStatus;
import dev.kerrera.telemetry.Connectivity;
import dev.kerrera.telemetry.ConnectivitySwitched;
import dev.kerrera.telemetry.Telemetry;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Tells other nodes that this one is there, and hears which others are; Oban's <em>sonar</em>. See the package for its states.
 * Thread-safe.
 */
public final class Sonar {

    private static final double LEAST_JITTER = 0.95;
    private static final double MOST_JITTER = 1.10;
    private static final Duration LONGEST = Duration.ofSeconds(66);
    private static final String DEAF =
            "This node is isolated: it hears no node, not even itself. Its listening connection is down, or goes"
                    + " through a pooler that pools transactions, where notifications get lost. Polling finds the work meanwhile. Set"
                    + " kerrera.notifier.url to the server itself, or kerrera.notifier.mode to poll";

    private final JsonObject ping;
    private final Consumer<JsonObject> send;
    private final Telemetry telemetry;
    private final LongSupplier nanos;
    private final RandomGenerator random;
    private final Interval interval;
    private final Soundings soundings; // guarded by itself
    private boolean started; // guarded by soundings

    /**
     * @param send sends a message to the channel {@code sonar} without blocking
     * @param nanos a clock that only goes forward
     */
    Sonar(String node, Consumer<JsonObject> send, Telemetry telemetry, LongSupplier nanos, RandomGenerator random) {
        this.ping = Messages.ping(node);
        this.send = send;
        this.telemetry = telemetry;
        this.nanos = nanos;
        this.random = random;
        this.soundings = new Soundings(node);
        this.interval = new Interval("The sonar", LONGEST, this::pause, this::turn);
    }

    /** How far this node hears the others; unknown while the sonar does not run. */
    public Connectivity status() {
        synchronized (soundings) {
            return soundings.status();
        }
    }

    /** The nodes heard within the last two minutes, this one included, in alphabetical order. */
    public List<String> nodes() {
        synchronized (soundings) {
            return soundings.nodes();
        }
    }

    /** Begins with a ping at once. */
    void start(ScheduledExecutorService timer) {
        interval.start(timer);
    }

    void stop() {
        interval.stop();
    }

    LoopStatus loop() {
        return interval.status();
    }

    /** Tells that this node is there. */
    void ping() {
        send.accept(ping);
    }

    /** A message arrived on the channel {@code sonar}. What does not name a node says nothing. */
    void heard(JsonObject message) {
        if (message.get("node") instanceof JsonString node) {
            change(() -> soundings.heard(node.getString(), nanos.getAsLong()));
        }
    }

    /** The first ping must have its time to come back before silence means anything. */
    void turn() {
        ping();
        change(() -> {
            if (started) {
                soundings.turn(nanos.getAsLong());
            }
            started = true;
        });
    }

    /** From now to the next ping. */
    Duration pause() {
        synchronized (soundings) {
            double factor = LEAST_JITTER + (MOST_JITTER - LEAST_JITTER) * random.nextDouble();
            return Duration.ofNanos((long) (soundings.interval().toNanos() * factor));
        }
    }

    private void change(Runnable change) {
        ConnectivitySwitched switched;
        synchronized (soundings) {
            Connectivity before = soundings.status();
            change.run();
            switched = soundings.status() == before ? null : switched();
        }
        emit(switched);
    }

    private void emit(@Nullable ConnectivitySwitched switched) {
        if (switched != null) {
            telemetry.emit(switched);
        }
    }

    private ConnectivitySwitched switched() {
        List<String> nodes = soundings.nodes();
        String reason =
                switch (soundings.status()) {
                    case CLUSTERED -> "This node is clustered: it hears " + String.join(", ", nodes);
                    case SOLITARY -> "This node is solitary: it hears itself and no other";
                    default -> DEAF;
                };
        return new ConnectivitySwitched(soundings.status(), nodes, reason);
    }
}
