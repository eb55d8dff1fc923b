package dev.kerrera.worker;

import dev.kerrera.job.JobDefaults;
import java.lang.reflect.Type;
import java.util.List;
import java.util.function.Supplier;

/**
 * A worker, the defaults of its jobs and how they are run.
 *
 * @param name the name jobs carry
 * @param beanClass the class that implements it
 * @param argsType what its args are read as
 * @param defaults what its jobs are unless they say otherwise
 * @param execution how they are run
 * @param decisions what it decides about a run by itself
 * @param crons when jobs of it are inserted by themselves
 * @param instances gives a bean for each run
 */
public record WorkerDefinition(
        String name,
        Class<?> beanClass,
        Type argsType,
        JobDefaults defaults,
        Execution execution,
        Decisions decisions,
        List<CronLine> crons,
        Supplier<WorkerInstance> instances) {

    /** One without a crontab. */
    public WorkerDefinition(
            String name,
            Class<?> beanClass,
            Type argsType,
            JobDefaults defaults,
            Execution execution,
            Supplier<WorkerInstance> instances) {
        this(name, beanClass, argsType, defaults, execution, Decisions.of(beanClass), List.of(), instances);
    }

    /** A bean that serves one run. */
    public WorkerInstance obtain() {
        return instances.get();
    }
}
