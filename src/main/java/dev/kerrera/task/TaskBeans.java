package dev.kerrera.task;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.transaction.UserTransaction;

/** Offers the way to call application code to injection. */
@ApplicationScoped
class TaskBeans {

    @Resource(lookup = "java:comp/UserTransaction")
    private UserTransaction transaction;

    @Produces
    @Singleton
    ApplicationCode applicationCode(Instance<RequestContextController> controllers) {
        return new ContainerCode(controllers, transaction);
    }
}
