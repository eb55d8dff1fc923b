package bench;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;

/** Offers the rig that measures Kerrera to injection. */
@Dependent
class RigBeans {

    @Resource(lookup = "java:comp/DefaultManagedThreadFactory")
    private ManagedThreadFactory threads;

    @Produces
    @Dependent
    Rig rig(KerreraPeer peer, Sink sink, Database database) {
        return new Rig(peer, sink, database, threads);
    }
}
