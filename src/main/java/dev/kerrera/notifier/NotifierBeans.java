package dev.kerrera.notifier;

import dev.kerrera.config.Internal;
import dev.kerrera.config.Settings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.task.Patience;
import dev.kerrera.task.Randomness;
import dev.kerrera.task.Threads;
import dev.kerrera.telemetry.Observers;
import dev.kerrera.telemetry.Telemetry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;

/** Offers the notifier's parts to injection. */
@ApplicationScoped
class NotifierBeans {

    private static final Patience PATIENCE = new Patience(Duration.ofSeconds(30), Randomness.PER_THREAD);

    @Inject
    private Threads threads;

    @Produces
    @Singleton
    Connector connector(Settings settings, @Internal DataSource dataSource) {
        return new Connector(settings.notifier(), dataSource, threads::apart);
    }

    @Produces
    @Singleton
    Publisher publisher(Settings settings, Connector connector, @Internal DataSource dataSource) {
        boolean listens = settings.notifier().listens();
        Publisher.Opening opening = listens ? () -> connector.open("kerrera-publisher") : dataSource::getConnection;
        return new Publisher(opening, !listens, threads, settings.notifier().debounce(), PATIENCE);
    }

    @Produces
    @Singleton
    Notifier notifier(
            Settings settings, Jdbc jdbc, Transactions transactions, Publisher publisher, Observers observers) {
        Relay relay = new Relay(notification -> fire(observers, notification), threads);
        return new Notifier(settings, jdbc, transactions, publisher, relay);
    }

    @Produces
    @Singleton
    Listening listening(
            Settings settings,
            Connector connector,
            Notifier notifier,
            Publisher publisher,
            Telemetry telemetry,
            BeanManager beans) {
        Collection<String> channels = beans.getExtension(ChannelDiscovery.class).channels().stream()
                .map(channel -> Channel.full(settings.prefix().name(), channel))
                .toList();
        Telemetry elsewhere = new Telemetry(List.of(event -> threads.execute(() -> telemetry.emit(event))));
        ListenLoop loop = new ListenLoop(connector, channels, notifier, PATIENCE, elsewhere);
        return new Listening(settings, loop, publisher, threads);
    }

    private static void fire(Observers observers, Notification notification) {
        OnChannel any = OnChannel.Literal.of(notification.channel());
        switch (notification.channel()) {
            case Channel.GOSSIP -> observers.fire(notification, any, Gossip.Literal.INSTANCE);
            case Channel.INSERT -> observers.fire(notification, any, Insert.Literal.INSTANCE);
            case Channel.SIGNAL -> observers.fire(notification, any, Signal.Literal.INSTANCE);
            default -> observers.fire(notification, any);
        }
    }
}
