package dev.kerrera.met;

import dev.kerrera.config.MetSettings.Mode;
import dev.kerrera.config.Settings;
import dev.kerrera.engine.Engine;
import dev.kerrera.notifier.Channel;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.peer.Peer;
import dev.kerrera.queue.Queues;
import dev.kerrera.task.Randomness;
import jakarta.json.JsonArray;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Puts together what tells Oban Web about one instance. */
public final class MetWiring {

    private final Settings settings;
    private final Notifier notifier;
    private final Executor executor;
    private final Clock clock;

    public MetWiring(Settings settings, Notifier notifier, Executor executor, Clock clock) {
        this.settings = settings;
        this.notifier = notifier;
        this.executor = executor;
        this.clock = clock;
    }

    /**
     * @param runs hears the events of the instance
     * @param crontab what the instance's crontab is now
     */
    public Reporter reporter(
            Recorder runs, Queues queues, Peer peer, Engine engine, Supplier<List<JsonArray>> crontab) {
        Mode mode = settings.met().mode();
        boolean deaf = mode == Mode.AUTO && !settings.notifier().listens();
        Audience audience = new Audience(deaf ? Mode.OFF : mode, System::nanoTime);
        if (mode == Mode.AUTO) {
            notifier.subscribe(Channel.METRICS, audience::heard);
        }
        FullCounts counts = new FullCounts(engine.counting()::byStateAndQueue, executor, System::nanoTime);
        return new Reporter(
                new Reporter.Identity(settings.name(), settings.node()),
                audience,
                new Reporter.Sources(queues::status, runs, counts, peer::leads, crontab),
                new Reporter.Outlets(outlet(Channel.GOSSIP), outlet(Channel.METRICS), outlet(Channel.CRONITOR)),
                clock,
                Randomness.PER_THREAD);
    }

    private Outlet outlet(String channel) {
        return new Outlet(message -> notifier.send(channel, message));
    }
}
