package dev.kerrera.db;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.transaction.TransactionSynchronizationRegistry;

/** Offers the caller's transactions to injection. */
@ApplicationScoped
class DbBeans {

    @Resource(lookup = "java:comp/TransactionSynchronizationRegistry")
    private TransactionSynchronizationRegistry registry;

    @Produces
    @Singleton
    Transactions transactions() {
        return Transactions.of(registry);
    }
}
