package dev.kerrera.worker;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The workers this application can run, by the name that jobs carry. Immutable and thread-safe. */
public final class WorkerRegistry {

    private final Map<String, WorkerDefinition> byName;

    public WorkerRegistry(Collection<WorkerDefinition> definitions) {
        Map<String, WorkerDefinition> sorted = new TreeMap<>();
        definitions.forEach(definition -> sorted.put(definition.name(), definition));
        this.byName = Map.copyOf(sorted);
    }

    /** The worker of that name, if this application has it. */
    public Optional<WorkerDefinition> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * The worker implemented by that class.
     *
     * @throws IllegalArgumentException when the class is not a worker of this application
     */
    public WorkerDefinition of(Class<?> worker) {
        List<WorkerDefinition> found = byName.values().stream()
                .filter(definition -> definition.beanClass() == worker)
                .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s is not a worker of this application: implement Worker and annotate the class with @Work"
                            .formatted(worker.getName()));
        }
        return found.get(0);
    }

    /** Names of all workers, and what their classes say of the crontab. */
    public Map<String, List<CronLine>> crons() {
        Map<String, List<CronLine>> crons = new TreeMap<>();
        byName.forEach((name, worker) -> crons.put(name, worker.crons()));
        return crons;
    }

    /** Names of all workers. */
    public Set<String> names() {
        return byName.keySet();
    }
}
