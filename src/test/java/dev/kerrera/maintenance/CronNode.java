package dev.kerrera.maintenance;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.Settings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.Insertion;
import dev.kerrera.engine.UniqueInsertion;
import dev.kerrera.insert.Inserter;
import dev.kerrera.notifier.Channel;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.notifier.TestNotifiers;
import dev.kerrera.testsupport.SettableClock;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import dev.kerrera.worker.WorkerDefinition;
import dev.kerrera.worker.WorkerRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A node with a crontab: its own clock, its own way to the database, and leadership at a word. */
final class CronNode {

    final SettableClock clock;
    final TappedDataSource tapped;
    final CronEntries entries;
    final Crontab crontab;
    final List<String> announced = new CopyOnWriteArrayList<>();
    volatile boolean leading = true;

    /** @param keysAndValues settings, above all entries for workers that need no queue */
    CronNode(TestSchema schema, String now, List<WorkerDefinition> workers, String... keysAndValues) {
        clock = new SettableClock(now);
        tapped = new TappedDataSource(schema.dataSource());
        Jdbc jdbc = new Jdbc(tapped.dataSource(), Transactions.none());
        Prefix prefix = new Prefix(schema.name());
        Settings settings = TestSettings.of(schema.name(), keysAndValues);
        Notifier notifier = TestNotifiers.local(settings, jdbc, Transactions.none());
        notifier.subscribe(Channel.INSERT, message -> announced.add(message.getString("queue")));
        WorkerRegistry registry = new WorkerRegistry(workers);
        Inserter inserter = new Inserter(
                new Insertion(jdbc, prefix, () -> true), new UniqueInsertion(jdbc, prefix), registry, notifier, clock);
        entries = CronEntries.of(settings.cron(), registry.crons());
        CronFiring firing = new CronFiring(jdbc, new CronRows(jdbc, prefix, settings.name()), inserter);
        crontab = new Crontab(entries, () -> leading, firing, clock, () -> 0L);
    }

    /** One turn of its loop, whatever comes of it. */
    void turn() {
        if (leading) {
            try {
                crontab.turn();
            } catch (RuntimeException logged) {
                // as the loop does
            }
        }
    }

    int statements() {
        return tapped.statements("").size();
    }
}
