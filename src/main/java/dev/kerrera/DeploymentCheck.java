package dev.kerrera;

import dev.kerrera.config.ConfigurationException;
import dev.kerrera.config.DeployedSettings;
import dev.kerrera.config.Instances;
import dev.kerrera.config.Settings;
import dev.kerrera.maintenance.CronEntries;
import dev.kerrera.maintenance.Reindexer;
import dev.kerrera.notifier.ChannelDiscovery;
import dev.kerrera.worker.CronLine;
import dev.kerrera.worker.WorkerDiscovery;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.AfterDeploymentValidation;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.DeploymentException;
import jakarta.enterprise.inject.spi.Extension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fails the deployment when the configuration, the workers or the observers cannot be right, with everything that is wrong. Only
 * the container uses it; it is public because containers demand it.
 */
public final class DeploymentCheck implements Extension {

    void check(@Observes AfterDeploymentValidation event, BeanManager beans) {
        List<String> problems = problems(beans);
        if (!problems.isEmpty()) {
            event.addDeploymentProblem(new DeploymentException(
                    "Kerrera cannot start, mend these first:\n  - " + String.join("\n  - ", problems)));
        }
    }

    private static List<String> problems(BeanManager beans) {
        WorkerDiscovery workers = beans.getExtension(WorkerDiscovery.class);
        List<String> problems = new ArrayList<>(workers.problems());
        try {
            Instances instances = DeployedSettings.read();
            ChannelDiscovery channels = beans.getExtension(ChannelDiscovery.class);
            problems.addAll(channels.problems(instances));
            problems.addAll(schedules(instances, workers.crons()));
            problems.addAll(unknownQueues(workers.queues(), instances.queues()));
        } catch (ConfigurationException unusable) {
            problems.addAll(unusable.problems());
        }
        return problems;
    }

    private static List<String> schedules(Instances instances, Map<String, List<CronLine>> crons) {
        Settings main = instances.main();
        List<String> problems =
                new ArrayList<>(CronEntries.of(main.cron(), crons).problems());
        problems.addAll(Reindexer.problems(main.reindexer()));
        instances.named().forEach((name, settings) -> {
            List<String> own = new ArrayList<>(
                    CronEntries.ofNamed(settings.cron(), crons.keySet()).problems());
            own.addAll(Reindexer.problems(settings.reindexer()));
            own.forEach(problem -> problems.add(Instances.of(name, problem)));
        });
        return problems;
    }

    private static List<String> unknownQueues(Map<Class<?>, String> workers, Set<String> known) {
        return workers.entrySet().stream()
                .filter(worker -> !known.contains(worker.getValue()))
                .map(worker ->
                        "%s works on queue '%s', which is not among %s: add it to kerrera.queues, with limit 0 if other nodes run it"
                                .formatted(worker.getKey().getName(), worker.getValue(), known))
                .toList();
    }
}
