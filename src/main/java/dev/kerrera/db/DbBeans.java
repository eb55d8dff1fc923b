package dev.kerrera.db;

import dev.kerrera.config.Internal;
import dev.kerrera.config.Prefix;
import dev.kerrera.config.Settings;
import dev.kerrera.db.migration.Migrator;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.transaction.TransactionSynchronizationRegistry;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** Offers the data source, the statement runner and the caller's transactions to injection. */
@ApplicationScoped
class DbBeans {

    @Resource(lookup = "java:comp/TransactionSynchronizationRegistry")
    private TransactionSynchronizationRegistry registry;

    @Produces
    @Singleton
    @Internal
    @SuppressWarnings("BanJNDI") // the name comes from the deployer's configuration
    DataSource dataSource(Settings settings) {
        try {
            return InitialContext.doLookup(settings.datasource());
        } catch (NamingException missing) {
            throw new IllegalStateException(
                    "There is no data source under the JNDI name '%s': define it on the server, or name another by kerrera.datasource"
                            .formatted(settings.datasource()),
                    missing);
        }
    }

    @Produces
    @Singleton
    Jdbc jdbc(@Internal DataSource dataSource, Transactions transactions) {
        return new Jdbc(dataSource, transactions);
    }

    @Produces
    @Singleton
    Prefix prefix(Settings settings) {
        return settings.prefix();
    }

    @Produces
    @Singleton
    Migrator migrator(@Internal DataSource dataSource, Settings settings) {
        return new Migrator(dataSource, settings.prefix().name());
    }

    @Produces
    @Singleton
    Transactions transactions() {
        return Transactions.of(registry);
    }
}
