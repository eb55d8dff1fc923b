package dev.kerrera.notifier;

import dev.kerrera.config.Settings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.task.ApplicationCode;
import dev.kerrera.task.Patience;
import dev.kerrera.task.Randomness;
import dev.kerrera.task.Threads;
import dev.kerrera.telemetry.Observers;
import dev.kerrera.telemetry.Telemetry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;

/** Puts the notifier of one instance together. */
public final class NotifierWiring {

    private static final Patience PATIENCE = new Patience(Duration.ofSeconds(30), Randomness.PER_THREAD);

    private final Settings settings;
    private final Threads threads;
    private final Connector connector;
    private final Publisher publisher;
    private final Channels channels;

    /** @param channels those that the application observes, without prefix */
    public NotifierWiring(Settings settings, DataSource dataSource, Threads threads, Collection<String> channels) {
        this.settings = settings;
        this.threads = threads;
        this.connector = new Connector(settings.notifier(), dataSource, threads::apart);
        boolean listens = settings.notifier().listens();
        Publisher.Opening opening = listens ? () -> connector.open("kerrera-publisher") : dataSource::getConnection;
        this.publisher =
                new Publisher(opening, !listens, threads, settings.notifier().debounce(), PATIENCE);
        this.channels = new Channels(channels.stream()
                .map(channel -> Channel.full(settings.prefix().name(), channel))
                .toList());
    }

    /**
     * @param observers hear everything that is heard
     * @param application calls the listeners that come and go
     */
    public Notifier notifier(Jdbc jdbc, Transactions transactions, Observers observers, ApplicationCode application) {
        Subscriptions subscriptions = new Subscriptions(settings.prefix().name(), channels, application);
        Relay relay = new Relay(new Audience(observers, subscriptions), threads);
        return new Notifier(settings, jdbc, transactions, publisher, relay, subscriptions);
    }

    public Listening listening(Notifier notifier, Telemetry telemetry) {
        Telemetry elsewhere = new Telemetry(List.of(event -> threads.execute(() -> telemetry.emit(event))));
        ListenLoop loop = new ListenLoop(connector, channels, notifier, PATIENCE, elsewhere);
        return new Listening(settings, loop, sonar(notifier, elsewhere), publisher, threads);
    }

    private Sonar sonar(Notifier notifier, Telemetry telemetry) {
        Sonar sonar = new Sonar(
                settings.node(),
                ping -> notifier.send(Channel.SONAR, ping),
                telemetry,
                System::nanoTime,
                Randomness.PER_THREAD);
        if (settings.notifier().listens()) {
            notifier.subscribe(Channel.SONAR, sonar::heard);
            notifier.onListening(sonar::ping);
        }
        return sonar;
    }
}
