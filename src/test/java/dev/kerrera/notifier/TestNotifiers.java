package dev.kerrera.notifier;

import dev.kerrera.config.Settings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.task.BareCode;
import dev.kerrera.task.Patience;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/** Lends notifiers that need no server. */
public final class TestNotifiers {

    private static final Executor NEVER = task -> {};

    private TestNotifiers() {}

    /** One that calls its subscribers in this process and sends nothing. */
    public static Notifier local(Settings settings, Jdbc jdbc, Transactions transactions) {
        Publisher publisher = new Publisher(
                () -> {
                    throw new SQLException("nothing is sent in this test");
                },
                false,
                NEVER,
                Duration.ZERO,
                new Patience(Duration.ofSeconds(1), () -> 0));
        Subscriptions subscriptions =
                new Subscriptions(settings.prefix().name(), new Channels(List.of()), new BareCode());
        return new Notifier(settings, jdbc, transactions, publisher, new Relay(message -> {}, NEVER), subscriptions);
    }
}
