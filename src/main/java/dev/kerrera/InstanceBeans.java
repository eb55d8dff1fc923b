package dev.kerrera;

import dev.kerrera.config.ConfigurationException;
import dev.kerrera.config.DeployedSettings;
import dev.kerrera.config.OfInstance;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import java.util.Set;

/**
 * Makes a {@link JobService} for each named instance, qualified by {@link OfInstance}, so that a name nobody configured is an
 * unsatisfied dependency at deployment. Only the container uses it; it is public because containers demand it.
 */
public final class InstanceBeans implements Extension {

    void add(@Observes AfterBeanDiscovery event) {
        for (String instance : configured()) {
            event.<JobService>addBean()
                    .beanClass(TransactionalJobService.class)
                    .types(JobService.class, Object.class)
                    .qualifiers(OfInstance.Literal.of(instance))
                    .scope(ApplicationScoped.class)
                    .id("kerrera-" + instance)
                    .produceWith(beans ->
                            beans.select(Nodes.class).get().of(instance).jobs());
        }
    }

    private static Set<String> configured() {
        try {
            return DeployedSettings.read().named().keySet();
        } catch (ConfigurationException toldLater) {
            return Set.of();
        }
    }
}
