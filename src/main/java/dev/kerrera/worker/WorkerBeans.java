package dev.kerrera.worker;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;

/** Offers the workers found at deployment to injection. */
@ApplicationScoped
class WorkerBeans {

    @Produces
    @Singleton
    WorkerRegistry registry(BeanManager beans) {
        return new WorkerRegistry(beans.getExtension(WorkerDiscovery.class).definitions(beans));
    }
}
