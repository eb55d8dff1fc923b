package dev.kerrera.queue;

import dev.kerrera.engine.Cancelling;
import dev.kerrera.engine.Deleting;
import dev.kerrera.engine.Retrying;
import dev.kerrera.engine.Updating;
import dev.kerrera.notifier.Notifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Offers the control of jobs to injection. */
@ApplicationScoped
class JobControlBeans {

    @Produces
    @Singleton
    JobControl jobControl(
            Cancelling cancelling, Retrying retrying, Deleting deleting, Updating updating, Notifier notifier) {
        return new JobControl(cancelling, retrying, deleting, updating, notifier);
    }
}
