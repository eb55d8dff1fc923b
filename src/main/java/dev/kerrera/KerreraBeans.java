package dev.kerrera;

import dev.kerrera.config.Instances;
import dev.kerrera.notifier.Listeners;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Offers the instances to injection; {@link InstanceBeans} offers what belongs to a named one. */
@ApplicationScoped
class KerreraBeans {

    @Produces
    @Singleton
    Nodes nodes(Instances instances, Surroundings around) {
        return new Nodes(instances, around);
    }

    @Produces
    @ApplicationScoped
    JobService jobs(Nodes nodes) {
        return nodes.main().jobs();
    }

    @Produces
    @Singleton
    Listeners listeners(Nodes nodes) {
        return new Listeners(nodes.all().stream().map(Node::listening).toList());
    }
}
