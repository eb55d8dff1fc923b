package dev.kerrera.worker;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Annotated;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the workers among an application's beans while it is deployed. Only the container uses it; it is public because
 * containers demand it.
 */
public final class WorkerDiscovery implements Extension {

    private final List<FoundWorker> found = new ArrayList<>();

    void notice(@Observes ProcessBean<?> event) {
        Annotated annotated = event.getAnnotated();
        Work work = annotated.getAnnotation(Work.class);
        if (work != null) {
            found.add(FoundWorker.of(event.getBean(), annotated, work));
        }
    }

    /** Everything wrong with the workers found, one sentence each. */
    public List<String> problems() {
        return WorkerProblems.in(found);
    }

    /** The queue that each of the workers found names. */
    public Map<Class<?>, String> queues() {
        Map<Class<?>, String> queues = new LinkedHashMap<>();
        found.forEach(worker -> queues.put(worker.beanClass(), worker.work().queue()));
        return queues;
    }

    /** The names of the workers found, and what their classes say of the crontab. */
    public Map<String, List<CronLine>> crons() {
        Map<String, List<CronLine>> crons = new LinkedHashMap<>();
        found.forEach(worker -> crons.put(worker.name(), worker.cronLines()));
        return crons;
    }

    /** The workers found, once there are no problems with them. */
    public List<WorkerDefinition> definitions(BeanManager beans) {
        return found.stream().map(worker -> worker.definition(beans)).toList();
    }
}
